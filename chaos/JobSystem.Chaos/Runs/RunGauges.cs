using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>What can be seen of a run while it is under way. The census belongs to the run's own loop: its counts may
/// be read at any time, its stories not.</summary>
/// <param name="Tail">Of the ledgers.</param>
/// <param name="Fleet">Whose workers are counted.</param>
/// <param name="Conductor">Who breaks things.</param>
/// <param name="Schedule">What is to be broken.</param>
/// <param name="Experiment">Its load and its workers.</param>
/// <param name="Began">The load, on the clock of the ledgers.</param>
internal sealed record RunGauges(
    LedgerTail Tail, IFleet Fleet, Conductor Conductor, IReadOnlyList<ScheduledFault> Schedule,
    Experiment Experiment, TimeSpan Began)
{
    private readonly LoadProgress _progress = new(
        Experiment.Workload, Schedule.Count == 0 ? TimeSpan.Zero : Schedule[^1].At);

    /// <param name="phase">The part the run is in.</param>
    /// <param name="elapsed">Since the load began.</param>
    public LiveSnapshot Look(string phase, TimeSpan elapsed)
    {
        var next = Schedule.FirstOrDefault(each => each.At > elapsed);
        var (census, recent, isLoad) = (Tail.Census, Tail.Recent.Look(Began + elapsed), phase == "load");
        return new LiveSnapshot
        {
            Phase = phase,
            Elapsed = elapsed,
            Progress = isLoad ? _progress.ShareAt(elapsed, recent.Sent) : 1,
            Left = isLoad ? _progress.LeftAt(elapsed, recent.Sent) : null,
            Due = isLoad ? _progress.DueBy(elapsed, recent.Sent) : recent.Sent,
            Confirmed = census.Confirmed,
            Finished = census.Finished,
            Unknown = census.Unknown,
            Backlog = census.Open,
            Confirm = LiveLatency.Of(recent.Confirm),
            Finish = LiveLatency.Of(recent.Finish),
            Delay = isLoad ? _progress.DelayAt(elapsed, recent, Began) : null,
            FaultsDone = Conductor.Done,
            FaultsPlanned = Schedule.Count,
            FaultNow = Conductor.Now,
            FaultNext = next?.Plan.Fault ?? "",
            UntilNext = next?.At - elapsed,
            WorkersAlive = Fleet.Workers.Count,
            Workers = Experiment.Fleet.Workers,
        };
    }
}
