using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace JobSystem.RabbitMq.Topology;

/// <summary>
/// One step of the ladder of a work queue: a fan-out exchange and a queue of the same name that holds a message so
/// long. The broker moves a bounded number of messages out of one queue at a time; a work queue that takes none would
/// hold up the jobs of all others on a step that they share.
/// </summary>
/// <param name="Seconds">How long.</param>
/// <param name="Queue">The work queue; null: the step of the earlier versions, which all queues shared.</param>
internal readonly record struct DelayStep(int Seconds, string? Queue = null)
{
    /// <summary>In the place of the work queue's name in the names of steps that all queues share.</summary>
    public const string SharedPrefix = "jobs";

    private const int MaxNameBytes = 255;

    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);

    /// <summary>What is left of a delay after this step; nothing where the step is a little longer.</summary>
    public TimeSpan LeftOf(TimeSpan delay)
    {
        var left = delay - Length;
        return left < TimeSpan.Zero ? TimeSpan.Zero
            : left > SettlementRules.LongestDelay ? SettlementRules.LongestDelay
            : left;
    }

    public string Name => Queue is null ? SharedName : OwnName(Queue) is var name
        && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes ? name : SharedName;

    /// <summary>The same length, for all queues.</summary>
    public DelayStep Shared => this with { Queue = null };

    private string SharedName => OwnName(SharedPrefix);

    private string OwnName(string queue) => string.Create(CultureInfo.InvariantCulture, $"{queue}.delay.{Seconds}s");
}

/// <summary>
/// Delays without a plugin: steps of 1 s, 2 s, 4 s ... each twice the one before. A delay takes the longest
/// step that makes it at most half a second late; what remains when the message comes back is the caller's to
/// publish again. A fixed set of lengths: in a queue with one TTL no message waits behind a longer one.
/// </summary>
internal static partial class DelayLadder
{
    /// <summary>
    /// A job is never more than this late by the ladder; a shorter delay takes no step at all.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>4.5 hours: a day takes six steps, a month 170.</summary>
    public const int LongestSeconds = 1 << 14;

    /// <summary>The step to take for a remaining delay; null: none, publish at once.</summary>
    public static DelayStep? StepFor(TimeSpan remaining)
    {
        if (remaining <= Tolerance)
        {
            return null;
        }

        var seconds = 1;
        while (seconds < LongestSeconds && TimeSpan.FromSeconds(seconds * 2) - Tolerance <= remaining)
        {
            seconds *= 2;
        }

        return new DelayStep(seconds);
    }

    /// <summary>
    /// The names of the steps of one queue and no other; none where its name is too long for steps of its own.
    /// </summary>
    public static IEnumerable<string> NamesOf(string queue)
    {
        for (var seconds = 1; seconds <= LongestSeconds; seconds *= 2)
        {
            var step = new DelayStep(seconds, queue);
            if (step.Name != step.Shared.Name)
            {
                yield return step.Name;
            }
        }
    }

    /// <summary>Is it the name of a step of this queue?</summary>
    public static bool IsStepOf(string queue, string queueName) =>
        queueName.StartsWith($"{queue}.delay.", StringComparison.Ordinal) && IsStep(queueName);

    /// <summary>Is it the name of a step, of one queue or of all?</summary>
    public static bool IsStep(string queueName) => StepName().IsMatch(queueName);

    [GeneratedRegex(@".\.delay\.[0-9]{1,5}s$", RegexOptions.CultureInvariant)]
    private static partial Regex StepName();
}
