using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Reverting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Targets;

/// <summary>
/// Removes the queues that a run has made on somebody else's broker. Also as a program of its own
/// (<c>chaos drop-queue NAME</c>), so that it can be journaled: the broker's URI comes by the environment, because no
/// file may hold its password.
/// </summary>
internal static class ForeignQueues
{
    public const string Verb = "drop-queue";

    /// <summary>As something that can be journaled.</summary>
    public static Revert ToRevert(string queue)
    {
        var start = ChaosProgram.ToStart(Verb, queue);
        return new Revert.Command(start.FileName, [.. start.ArgumentList], $"delete the run's queue {queue}");
    }

    /// <summary>The entry point of the verb.</summary>
    /// <exception cref="TargetException">The broker is not known, or does not let us.</exception>
    public static Task DropAsync(string queue, TimeProvider clock, CancellationToken cancel) =>
        Environment.GetEnvironmentVariable(ChaosProgram.BrokerVariable) is { Length: > 0 } uri
            ? DropAsync(new Uri(uri), queue, clock, cancel)
            : throw new TargetException(
                $"The broker is not known: say its URI in {ChaosProgram.BrokerVariable} (environment), so that " +
                $"the queue {queue} can be deleted.");

    /// <summary>Deletes the queue and its lanes; nothing where they are gone.</summary>
    /// <exception cref="TargetException">The broker is not there, or does not let us.</exception>
    public static async Task DropAsync(Uri broker, string queue, TimeProvider clock, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await using var connection = await AmqpServer.FactoryFor(broker).CreateConnectionAsync(both.Token);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: both.Token);
            foreach (var lane in Enum.GetValues<Lane>())
            {
                await channel.QueueDeleteAsync(Lanes.NameOf(queue, lane), cancellationToken: both.Token);
            }
        }
        catch (Exception error) when (error is RabbitMQClientException or IOException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new TargetException(
                $"The queue {queue} could not be deleted: {error.GetBaseException().Message}");
        }
    }
}
