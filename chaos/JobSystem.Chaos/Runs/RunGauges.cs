using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Views;

namespace JobSystem.Chaos.Runs;

/// <summary>What can be seen of a run while it is under way. The census belongs to the run's own loop: its counts may
/// be read at any time, its stories not.</summary>
internal sealed record RunGauges(
    Census Census, IFleet Fleet, Conductor Conductor, IReadOnlyList<ScheduledFault> Schedule, int Workers)
{
    /// <param name="phase">The part the run is in.</param>
    /// <param name="elapsed">Since the load began.</param>
    public LiveSnapshot Look(string phase, TimeSpan elapsed)
    {
        var next = Schedule.FirstOrDefault(each => each.At > elapsed);
        return new LiveSnapshot
        {
            Phase = phase,
            Elapsed = elapsed,
            Confirmed = Census.Confirmed,
            Finished = Census.Finished,
            Unknown = Census.Unknown,
            Backlog = Census.Open,
            FaultsDone = Conductor.Done,
            FaultsPlanned = Schedule.Count,
            FaultNow = Conductor.Now,
            FaultNext = next?.Plan.Fault ?? "",
            UntilNext = next?.At - elapsed,
            WorkersAlive = Fleet.Workers.Count,
            Workers = Workers,
        };
    }
}
