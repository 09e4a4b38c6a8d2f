using JobSystem.Chaos.Faults.Workers;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults;

/// <summary>What faults can lay hands on while a run is under way.</summary>
public sealed record FaultContext
{
    public required ITarget Target { get; init; }

    /// <summary>The processes under load.</summary>
    public required IFleet Fleet { get; init; }

    /// <summary>The proxies between the fleet and the broker, one a process; null where there are none.</summary>
    public required ProxyFarm? Proxies { get; init; }

    /// <summary>The work queue of the run.</summary>
    public required string Queue { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Of this one fault: drawn from the run's seed.</summary>
    public required Random Random { get; init; }

    /// <summary>Who is under a fault now.</summary>
    public Claims Claims { get; init; } = new();

    /// <summary>How often the trees of the processes were made to start anew.</summary>
    public RestartAccount Restarts { get; init; } = new();

    /// <summary>Whose claims they are: this one fault.</summary>
    public object Claimant { get; init; } = new();

    /// <summary>Says that a fault destroys these jobs on purpose; they are not lost then.</summary>
    public required Action<IEnumerable<JobId>, string> Destroyed { get; init; }
}
