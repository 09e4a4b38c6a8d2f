using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>What the processes of a run used, and the broker where it was asked.</summary>
public sealed record Resources
{
    /// <summary>Nothing was looked at.</summary>
    public static Resources None { get; } = new();

    /// <summary>Incarnations of workers and producers, in the order of their names.</summary>
    public IReadOnlyList<ProcessUse> Processes { get; init; } = [];

    public IReadOnlyList<BrokerSample> Broker { get; init; } = [];

    /// <summary>Incarnations that began because the one before had ended unexpectedly: by itself, or killed by
    /// nobody we know.</summary>
    public IReadOnlyList<Restart> Restarts { get; init; } = [];

    /// <summary>Since the load began, of all workers together.</summary>
    public TimeSpan CpuOfWorkers => Cpu(isProducer: false);

    /// <summary>Since the load began, of all producers together.</summary>
    public TimeSpan CpuOfProducers => Cpu(isProducer: true);

    /// <summary>The most that one worker ever had, in bytes; zero where none was looked at.</summary>
    public long PeakOfWorkers => Peak(isProducer: false);

    /// <summary>The most that one producer ever had, in bytes; zero where none was looked at.</summary>
    public long PeakOfProducers => Peak(isProducer: true);

    /// <summary>Processor time for one job; null: no job, or nobody was looked at.</summary>
    /// <param name="cpu">Of all.</param>
    /// <param name="tally">Has the jobs that were finished.</param>
    public static TimeSpan? PerJob(TimeSpan cpu, Tally tally) =>
        tally.Finished > 0 && cpu > TimeSpan.Zero ? cpu / tally.Finished : null;

    private TimeSpan Cpu(bool isProducer) => Processes
        .Where(process => process.IsProducer == isProducer)
        .Aggregate(TimeSpan.Zero, static (sum, process) => sum + process.Cpu);

    private long Peak(bool isProducer) => Processes
        .Where(process => process.IsProducer == isProducer)
        .Max(process => (long?)process.PeakMemory) ?? 0;
}

/// <summary>What one life of a process used.</summary>
/// <param name="Life">Its name.</param>
/// <param name="Samples">Looks at it in order, at most 2,000; of more than that some are left out.</param>
/// <param name="Cpu">Processor time since the load began.</param>
/// <param name="PeakMemory">The most it ever had, in bytes.</param>
public sealed record ProcessUse(string Life, IReadOnlyList<ProcessSample> Samples, TimeSpan Cpu, long PeakMemory)
{
    public bool IsProducer => Lives.IsProducer(Life);
}

/// <summary>One look at a process.</summary>
/// <param name="At">Since the run began.</param>
/// <param name="Memory">Resident, in bytes.</param>
/// <param name="Handles">Open files, sockets and the like.</param>
/// <param name="Threads">How many.</param>
/// <param name="Cpu">Since the process began.</param>
public readonly record struct ProcessSample(TimeSpan At, long Memory, int Handles, int Threads, TimeSpan Cpu);

/// <summary>One look at the broker; memory in bytes.</summary>
public readonly record struct BrokerSample(TimeSpan At, long Memory, int Connections, int Channels);

/// <summary>A life that nobody asked for.</summary>
public readonly record struct Restart(string Life, TimeSpan At);
