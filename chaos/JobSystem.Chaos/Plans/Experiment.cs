using JobSystem.Chaos.Loads;

namespace JobSystem.Chaos.Plans;

/// <summary>
/// One experiment, as its file says it: what is set up, what is put on it, what is broken, what must hold.
/// </summary>
public sealed record Experiment
{
    /// <summary>In kebab case; the name of its file.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for people: what it shows.</summary>
    public required string About { get; init; }

    /// <summary>Which broker. Default <c>sqlite</c>: nothing to install.</summary>
    public string Target { get; init; } = "sqlite";

    public FleetPlan Fleet { get; init; } = new();

    public WorkloadPlan Workload { get; init; } = new();

    public QueuePlan Queue { get; init; } = new();

    public SystemPlan SystemUnderTest { get; init; } = new();

    /// <summary>What is broken at known times.</summary>
    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    /// <summary>What is broken by chance; null: nothing.</summary>
    public NemesisPlan? Nemesis { get; init; }

    public SteadyPlan Steady { get; init; } = new();

    public ExpectPlan Expect { get; init; } = new();
}

/// <summary>The processes.</summary>
public sealed record FleetPlan
{
    /// <summary>Default 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Default 1.</summary>
    public int Producers { get; init; } = 1;

    /// <summary>Jobs that run at a time in one worker. Default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How long a killed process stays away. Default 200 ms.</summary>
    public TimeSpan Respawn { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a worker that is asked to end may take for the jobs in its hands. Default 20 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>AMQP heartbeat of every connection. Default 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The proxy stands between even if no fault needs it. Default no.</summary>
    public bool Proxy { get; init; }
}

/// <summary>How the work queue is made, where the subject does not make its own. Only controls change it.</summary>
public sealed record QueuePlan
{
    /// <summary><c>system</c>: as the job system declares it (default); <c>quorum</c>, <c>classic</c>: plain.</summary>
    public string Type { get; init; } = "system";

    public bool Durable { get; init; } = true;

    /// <summary>Quorum only; null: the broker's default.</summary>
    public int? DeliveryLimit { get; init; }
}

/// <summary>Who works and enqueues.</summary>
public sealed record SystemPlan
{
    /// <summary><c>jobsystem</c> (default), or <c>plain</c>: a client of the broker as in its tutorial.</summary>
    public string Worker { get; init; } = "jobsystem";

    /// <summary><c>jobsystem</c> (default), or <c>plain</c>.</summary>
    public string Producer { get; init; } = "jobsystem";

    /// <summary>Plain worker: <c>after</c> the work (default), <c>before</c> it, or <c>auto</c>.</summary>
    public string Ack { get; init; } = "after";

    /// <summary>Plain worker: unacked deliveries at a time. Default 1.</summary>
    public int Prefetch { get; init; } = 1;

    /// <summary>Plain producer: counts a message as sent when the broker confirmed it. Default yes.</summary>
    public bool Confirms { get; init; } = true;

    /// <summary>Plain producer: asks to be told of what cannot be routed. Default yes.</summary>
    public bool Mandatory { get; init; } = true;

    /// <summary>Plain producer: persistent messages. Default yes.</summary>
    public bool Persistent { get; init; } = true;

    /// <summary>A way to break the job system itself (<c>chaos mutants</c>); null: as it is.</summary>
    public string? Mutant { get; init; }
}

/// <summary>One line of the schedule: a fault, once or again and again.</summary>
public sealed record FaultPlan
{
    public required string Fault { get; init; }

    /// <summary>Since the load began.</summary>
    public TimeSpan At { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often. Default 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>From one to the next. Default 5 s.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Each time is put off by chance up to this. Default zero.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Settings of the fault's kind, as text.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Faults by chance: each drawn from the seed, one after another.</summary>
public sealed record NemesisPlan
{
    /// <summary>Faults to draw from; one named twice is twice as likely.</summary>
    public required IReadOnlyList<FaultPlan> Faults { get; init; }

    /// <summary>Since the load began. Default 2 s.</summary>
    public TimeSpan At { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>On average, from one to the next (uniform from half to one and a half of it). Default 4 s.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How many. Default 10.</summary>
    public int Times { get; init; } = 10;
}

/// <summary>What must hold all along, faults or not; checked every second. Null: not checked.</summary>
public sealed record SteadyPlan
{
    /// <summary>Confirmed jobs that are not finished, at a time.</summary>
    public int? Backlog { get; init; }

    /// <summary>No second of this many in a row may pass without a finished job while the load is on.</summary>
    public TimeSpan? Silence { get; init; }
}

/// <summary>What the run must show at its end.</summary>
public sealed record ExpectPlan
{
    /// <summary>Fewer confirmed jobs prove nothing. Default: half of the workload's jobs; one where producers
    /// may give up.</summary>
    public int? MinConfirmed { get; init; }

    /// <summary>Dead letters are right: by reason in kebab case, or <c>any</c>. Default none.</summary>
    public IReadOnlyList<string> DeadLetters { get; init; } = [];

    /// <summary>At most this share of the finished jobs may be finished more than once. Default: any, if explained.
    /// </summary>
    public double? Duplicates { get; init; }

    /// <summary>At most this share of the enqueues may end unknown or rejected. Default: any.</summary>
    public double? Unconfirmed { get; init; }

    /// <summary>At most so long, at a percentile. Default: any.</summary>
    public IReadOnlyList<LatencyLimit> Latency { get; init; } = [];

    /// <summary>A soak: memory, handles, threads and latencies must not drift, and no process may end
    /// unexpectedly. Default no: they are told and not judged.</summary>
    public bool Soak { get; init; }

    /// <summary>Budgets for recovery; every fault they are for must keep them.</summary>
    public IReadOnlyList<RecoveryPlan> Recovery { get; init; } = [];

    /// <summary>A control: it must fail, and in this class (kebab case); null: it must pass.</summary>
    public string? Failure { get; init; }

    /// <summary>A control: classes (kebab case) it may be found guilty of beside; any other is a surprise.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];
}

/// <summary>How long one stage of the recovery from a fault may take.</summary>
/// <param name="Fault">Its kind; with a star at its end all that begin so.</param>
/// <param name="Stage"><c>detected</c>, <c>redelivery</c>, <c>confirm</c>, <c>finished</c>, <c>drained</c>.</param>
/// <param name="Limit">At most.</param>
public sealed record RecoveryPlan(string Fault, string Stage, TimeSpan Limit)
{
    /// <summary>Whether it limits faults of this name.</summary>
    public bool IsFor(string fault) => Fault.EndsWith('*')
        ? fault.StartsWith(Fault[..^1], StringComparison.Ordinal)
        : fault == Fault;
}
