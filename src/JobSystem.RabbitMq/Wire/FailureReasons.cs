namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The classes of failure by their names on the wire: kebab case, so that any client can read them.
/// </summary>
internal static class FailureReasons
{
    public static string NameOf(FailureReason reason) => reason switch
    {
        FailureReason.AttemptsExhausted => "attempts-exhausted",
        FailureReason.TimedOut => "timed-out",
        FailureReason.NotRetryable => "not-retryable",
        FailureReason.UnknownType => "unknown-type",
        FailureReason.WorkerLost => "worker-lost",
        FailureReason.MoveRefused => "move-refused",
        FailureReason.Expired => "expired",
        FailureReason.Maxlen => "maxlen",
        FailureReason.Rejected => "rejected",
        FailureReason.DeliveryLimit => "delivery-limit",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No such reason."),
    };

    public static bool TryParse(string name, out FailureReason reason)
    {
        foreach (var known in Enum.GetValues<FailureReason>())
        {
            if (NameOf(known) == name)
            {
                reason = known;
                return true;
            }
        }

        reason = default;
        return false;
    }
}
