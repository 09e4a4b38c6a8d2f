namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>Is told how a comparison goes.</summary>
internal interface IComparisonView
{
    /// <summary>A run begins.</summary>
    void Begin(int round, BuiltProgram program);

    /// <summary>A line of the run's own JSON.</summary>
    void Hear(string line);

    /// <summary>The run is over, and judged.</summary>
    void End(ComparedRun run);

    /// <summary>Both have had their turn.</summary>
    void EndRound(int round, IReadOnlyList<ComparedRun> runs);
}
