using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>How far a load is by its plan, and how late it is. Pure.</summary>
/// <param name="plan">The load.</param>
/// <param name="lastFault">When the last fault is injected: the load's part of the run lasts as long. Zero: none is.
/// </param>
internal sealed class LoadProgress(WorkloadPlan plan, TimeSpan lastFault)
{
    /// <summary>The ledgers are looked at four times a second, so silence means something only after a while.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(1);

    private readonly TimeSpan? _end = (plan.Rate.Length ?? plan.Rate.TimeOf(plan.Jobs)) is { } end
        ? end > lastFault ? end : lastFault
        : null;

    /// <summary>Jobs that are due by now. Without a rate a job is due when it is sent.</summary>
    public long DueBy(TimeSpan elapsed, long sent) => plan.Rate.IsUnlimited
        ? sent
        : Math.Max(sent, Math.Min(plan.Jobs, (long)Math.Ceiling(plan.Rate.CountAt(elapsed))));

    /// <summary>From 0 to 1: by the time, or by the jobs where there is no rate.</summary>
    public double ShareAt(TimeSpan elapsed, long sent) => _end is { } end && end > TimeSpan.Zero
        ? Math.Clamp(elapsed / end, 0, 1)
        : Math.Clamp((double)sent / Math.Max(1, plan.Jobs), 0, 1);

    /// <summary>Null: nobody can say yet.</summary>
    public TimeSpan? LeftAt(TimeSpan elapsed, long sent) => (_end, ShareAt(elapsed, sent)) switch
    {
        ({ } end, _) => end > elapsed ? end - elapsed : TimeSpan.Zero,
        (_, > 0 and var share) => elapsed * ((1 - share) / share),
        _ => null,
    };

    /// <summary>
    /// How late jobs are sent right now. When none is although some are due, the next one is at least about as late as
    /// the last one's due is past.
    /// </summary>
    /// <param name="elapsed">Since the load began.</param>
    /// <param name="recent">What was sent.</param>
    /// <param name="began">The load, on the clock of the ledgers.</param>
    /// <returns>Null: nothing is to be sent.</returns>
    public TimeSpan? DelayAt(TimeSpan elapsed, RecentFigures recent, TimeSpan began)
    {
        // By chance fewer jobs than expected may have been due.
        var due = DueBy(elapsed, recent.Sent);
        var tolerance = plan.Poisson ? 4 * Math.Sqrt(due) : 1;
        var since = began + elapsed - (recent.LastDue ?? began);
        return due - recent.Sent > tolerance && since > _silence ? since : recent.Delay;
    }
}
