using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Histories;

namespace JobSystem.Chaos.Runs;

/// <summary>Hears what a run does, from any thread.</summary>
internal interface IRunTeller
{
    /// <summary>One line for a person: a phase, a fault, something odd.</summary>
    void Tell(string text);

    /// <summary>From here on these can be looked at.</summary>
    void Watch(RunGauges gauges);
}

/// <summary>What can be seen of a run while it is under way. The census is written by the run's own loop: its counts
/// may be read at any time, its stories not.</summary>
internal sealed record RunGauges(
    Census Census, IFleet Fleet, Conductor Conductor, IReadOnlyList<ScheduledFault> Schedule, Func<TimeSpan> Elapsed);
