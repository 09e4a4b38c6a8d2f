using System.Collections;
using JobSystem.RabbitMq.Topology;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The broker's own note on why it dead-lettered a message: the header x-death, the latest first. The steps of the
/// delay ladder dead-letter by design; what they note is no failure. Pure.
/// </summary>
internal static class DeathHeaders
{
    public const string Name = "x-death";

    /// <summary>Null: the broker gave up on nothing.</summary>
    public static JobFailure? FailureOf(object? deaths)
    {
        foreach (var death in deaths as IList ?? Array.Empty<object>())
        {
            if (death is not IDictionary entry || Text(entry, "queue") is not { } queue
                || DelayLadder.IsStep(queue))
            {
                continue;
            }

            return ReasonOf(Text(entry, "reason")) is not { } reason ? null : new JobFailure(
                reason, WordsOf(reason, queue), 0, queue, "", entry["time"] is AmqpTimestamp time
                    ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(time.UnixTime, 0, 253402300799))
                    : DateTimeOffset.UnixEpoch);
        }

        return null;
    }

    /// <summary>The broker's last note is that a step of the ladder has held the message to the step's end.</summary>
    public static bool IsFromLadder(object? deaths) =>
        deaths is IList { Count: > 0 } all && all[0] is IDictionary last && IsOfLadder(last)
        && Text(last, "reason") == "expired";

    /// <summary>
    /// What is to be kept of x-death: the broker's notes, without those of the delay ladder, before what was kept
    /// already. Null: nothing.
    /// </summary>
    public static object? Kept(object? deaths, object? before)
    {
        if (deaths is not IList all)
        {
            return before ?? deaths;
        }

        var others = all.Cast<object?>().Where(static death => !IsOfLadder(death)).ToList();
        return others.Count == 0 ? before : before is IList list ? [.. others, .. list.Cast<object?>()] : others;
    }

    private static bool IsOfLadder(object? death) =>
        death is IDictionary entry && Text(entry, "queue") is { } queue && DelayLadder.IsStep(queue);

    private static FailureReason? ReasonOf(string? word) => word switch
    {
        "expired" => FailureReason.Expired,
        "maxlen" => FailureReason.Maxlen,
        "rejected" => FailureReason.Rejected,
        "delivery_limit" => FailureReason.DeliveryLimit,
        _ => null,
    };

    private static string WordsOf(FailureReason reason, string queue) => reason switch
    {
        FailureReason.Expired => $"It waited in '{queue}' longer than its time to live, or a policy, allows.",
        FailureReason.Maxlen => $"'{queue}' was full: the broker took the oldest out for a new one.",
        FailureReason.Rejected => $"A client that took it from '{queue}' rejected it.",
        _ => $"It came back to '{queue}' more often than the queue's delivery limit allows.",
    };

    private static string? Text(IDictionary entry, string name) => HeaderValues.Text(entry[name], 255);
}
