namespace JobSystem.Testing.Simulations;

/// <summary>What may be drawn for a simulation: the faults and the kinds of jobs.</summary>
public sealed record SimulationProfile
{
    /// <summary>The faults to choose from. Each seed has each of them with an even chance.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = [];

    /// <summary>At most so many faults.</summary>
    public int MaxFaults { get; init; } = 8;

    /// <summary>How the last run of a job may end, each as likely as it is listed here.</summary>
    public IReadOnlyList<ActKind> LastActs { get; init; } = [ActKind.Succeed];

    /// <summary>How earlier runs may end.</summary>
    public IReadOnlyList<ActKind> EarlierActs { get; init; } = [ActKind.Fail];

    public int MaxWorkers { get; init; } = 3;

    public int MaxJobs { get; init; } = 40;

    /// <summary>A job may be finished twice where a fault explains it.</summary>
    public bool MayDouble { get; init; }

    /// <summary>Nothing goes wrong but jobs themselves.</summary>
    public static SimulationProfile Calm { get; } = new()
    {
        LastActs = [.. Enumerable.Repeat(ActKind.Succeed, 6), ActKind.Fail, ActKind.Hopeless, ActKind.Hang],
        EarlierActs = [ActKind.Fail, ActKind.TryLater, ActKind.Hang],
    };

    /// <summary>Everything goes wrong.</summary>
    public static SimulationProfile Stormy { get; } = Calm with
    {
        MayDouble = true,
        Faults = Enum.GetValues<FaultKind>(),
        LastActs = [.. Calm.LastActs, ActKind.HangDeaf],
        EarlierActs = [.. Calm.EarlierActs, ActKind.HangDeaf, ActKind.KillWorker],
    };

    /// <summary>Workers are drained and replaced, one after the other or at once; nothing else goes wrong.</summary>
    public static SimulationProfile RollingDeploy { get; } = Calm with { Faults = [FaultKind.WorkerReplaced] };

    /// <summary>Some jobs kill whoever runs them.</summary>
    public static SimulationProfile Poisoned { get; } = Calm with
    {
        MayDouble = true,
        MaxJobs = 12,
        LastActs = [.. Enumerable.Repeat(ActKind.Succeed, 8), ActKind.KillWorker],
        EarlierActs = [ActKind.Fail],
    };
}
