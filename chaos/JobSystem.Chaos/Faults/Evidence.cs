using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Faults;

/// <summary>Looks until something is seen: how faults prove that they took effect, and that they are over.</summary>
internal static class Evidence
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    // Longer than a broker under load takes to answer a greeting, shorter than anybody's patience with a frozen one.
    private static readonly TimeSpan _greeting = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <param name="clock">For the time.</param>
    /// <param name="what">Is looked for, as a part of the error: <c>the alarm</c>.</param>
    /// <param name="within">How long.</param>
    /// <param name="look">Null: not seen yet.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="FaultException">It was not seen in time.</exception>
    public static async Task<T> SeenAsync<T>(
        TimeProvider clock,
        string what,
        TimeSpan within,
        Func<CancellationToken, Task<T?>> look,
        CancellationToken cancel)
        where T : class
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await look(cancel) is { } seen)
            {
                return seen;
            }

            if (clock.GetElapsedTime(began) > within)
            {
                throw new FaultException($"Not seen within {DurationText.Format(within)}: {what}.");
            }

            await Task.Delay(_pause, clock, cancel);
        }
    }

    /// <summary>Waits until a node does not answer AMQP's greeting any more, and says so.</summary>
    public static Task<string> OfSilenceAsync(FaultContext context, int node, CancellationToken cancel) => SeenAsync(
        context.Clock,
        $"the silence of {context.NodeInWords(node)}",
        _patience,
        async late =>
            await AnswersAsync(context, node, late) ? null : $"{context.NodeInWords(node)} does not answer AMQP",
        cancel);

    /// <summary>Waits until a node answers AMQP's greeting, and says so.</summary>
    public static Task<string> OfAnswerAsync(FaultContext context, int node, CancellationToken cancel) => SeenAsync(
        context.Clock,
        $"an AMQP answer of {context.NodeInWords(node)}",
        _patience,
        async late => await AnswersAsync(context, node, late) ? $"{context.NodeInWords(node)} answers AMQP" : null,
        cancel);

    private static Task<bool> AnswersAsync(FaultContext context, int node, CancellationToken cancel) =>
        AmqpServer.AnswersAsync(context.Target.Uris[node - 1], _greeting, context.Clock, cancel);
}
