using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Testing.Simulations;

/// <summary>What a simulation has shown.</summary>
public sealed record SimulationResult
{
    public required SimulationPlan Plan { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Rules that were broken beside those of the verdict.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    public required IReadOnlyList<HistoryEntry> History { get; init; }

    /// <summary>The last lines that the processes logged.</summary>
    public required IReadOnlyList<string> Log { get; init; }

    public required long Steps { get; init; }

    /// <summary>Virtual time.</summary>
    public required TimeSpan Simulated { get; init; }

    /// <summary>The same for the same seed and profile, or the run has escaped the simulator.</summary>
    public required ulong TraceHash { get; init; }

    public bool IsRight => Verdict.Kind == VerdictKind.Pass && Broken.Count == 0;

    /// <summary>What is wrong, in a few words.</summary>
    public IEnumerable<string> Wrongs => Verdict.Kinds.Select(kind => kind.ToString())
        .Concat(Verdict.Kind == VerdictKind.Unknown ? Verdict.Doubts : [])
        .Concat(Broken.Select(rule => rule[..Math.Min(rule.Length, 60)]));

    public override string ToString() =>
        $"seed={Plan.Seed} steps={Steps} simulated={Simulated} trace={TraceHash:x16}\n  {Plan}\n{Verdict}\n" +
        string.Concat(Broken.Select(rule => $"  broken: {rule}\n")) +
        $"  log:\n    {string.Join("\n    ", Log.TakeLast(20))}";
}
