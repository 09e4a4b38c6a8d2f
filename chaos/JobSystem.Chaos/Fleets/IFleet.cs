namespace JobSystem.Chaos.Fleets;

/// <summary>The processes that enqueue and work, as faults see them. A worker that dies is replaced.</summary>
public interface IFleet
{
    /// <summary>Those that live and are ready, in the order of their names.</summary>
    IReadOnlyList<IFleetProcess> Workers { get; }

    /// <summary>Those that live and are ready, in the order of their names.</summary>
    IReadOnlyList<IFleetProcess> Producers { get; }

    /// <summary>Every producer has enqueued all its jobs: none will come again.</summary>
    bool AreProducersDone => false;

    /// <summary>
    /// From here on this share of the runs of every worker, also of those that come, goes wrong at a failpoint.
    /// </summary>
    Task SetFailpointAsync(string failpoint, double share);

    /// <summary>Runs that a failpoint has hit so far.</summary>
    long HitsOf(string failpoint);
}

/// <summary>One life of one process.</summary>
public interface IFleetProcess
{
    /// <summary>With the number of the life: <c>worker-2.3</c>.</summary>
    string Name { get; }

    /// <summary>The same for every incarnation: <c>worker-2</c>. Its proxy has this name.</summary>
    string Member { get; }

    int Pid { get; }

    /// <summary>Guards the process id against use by somebody else: its time of birth in clock ticks.</summary>
    long Birth { get; }

    /// <summary>Completes with the exit code (128 + signal for a signal).</summary>
    Task<int> Exited { get; }

    /// <summary>False: it is a part of somebody's own process, and has connections only.</summary>
    bool TakesSignals => true;

    /// <summary>Sends a POSIX signal; nothing if it has gone.</summary>
    void Signal(int signal);

    /// <summary>
    /// Has an actor of this kind throw on its next message. Returns the path of the actor, with what its parent
    /// decided; null: the process ended before. Cancelled: none throws any more.
    /// </summary>
    /// <exception cref="Faults.FaultException">Nobody can tell this process so.</exception>
    Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken);
}
