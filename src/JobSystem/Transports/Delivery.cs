namespace JobSystem.Transports;

/// <summary>One delivery of a message, settled only on the channel that it came from.</summary>
/// <param name="Job">What was delivered.</param>
/// <param name="Tag">The channel's number for it, from 1, growing.</param>
/// <param name="Redelivered">The broker has delivered this message before.</param>
/// <param name="Losses">
/// How often it was delivered before and came back unsettled, as the broker counts; null where it does not count
/// (classic queues): then <paramref name="Redelivered"/> says all there is.
/// </param>
public sealed record Delivery(Job Job, ulong Tag, bool Redelivered, int? Losses)
{
    /// <summary>
    /// What is left of the job's delay, as the broker knows that has held it so far: zero where it has held it to the
    /// end. It counts from now and goes before <see cref="Job.DueAt"/>, which is of the clock of whoever delayed the
    /// job. Null: the broker does not know.
    /// </summary>
    public TimeSpan? DelayLeft { get; init; }

    /// <summary>The same with the due time by the clock of this process, however far it is off.</summary>
    internal Delivery OnOurClock(DateTimeOffset now) => (DelayLeft, Job.DueAt) switch
    {
        ({ } left, _) when left > TimeSpan.Zero => DueOn(now + left),
        ({ }, { } due) when due > now => DueOn(now),
        _ => this,
    };

    private Delivery DueOn(DateTimeOffset time) => this with { Job = Job with { DueAt = time }, DelayLeft = null };

    /// <summary>The broker itself moves it to the dead letters when it is rejected, and never loses it.</summary>
    public bool CanBeRejected { get; init; }
}
