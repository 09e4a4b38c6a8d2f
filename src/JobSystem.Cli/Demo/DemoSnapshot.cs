namespace JobSystem.Cli.Demo;

/// <summary>How far a demo is, for its views.</summary>
internal sealed record DemoSnapshot(
    int Jobs, int Confirmed, int Finished, int RunTwice, IReadOnlyList<DemoWorkerSnapshot> Workers, TimeSpan Elapsed);

/// <param name="State">Works, or how it ended.</param>
/// <param name="Running">Jobs it has started and not finished.</param>
internal sealed record DemoWorkerSnapshot(string Name, string State, int Running, int Done);

/// <summary>How a demo ended.</summary>
/// <param name="Confirmed">The broker had taken them.</param>
/// <param name="Finished">Of the confirmed ones, by the workers' ledgers.</param>
/// <param name="RunTwice">Started more than once: their worker was killed while they ran.</param>
/// <param name="DeadLetters">Given up on, with a reason.</param>
/// <param name="Lost">Confirmed, and neither finished nor a dead letter.</param>
/// <param name="WrongOutputs">Files that are not there or not right.</param>
/// <param name="LeftInQueue">Messages that still stand in the work queue after the workers have stopped.</param>
/// <param name="Kills">Workers that were killed.</param>
/// <param name="StoppedCleanly">Every worker that was not killed has accounted for all of its jobs.</param>
internal sealed record DemoResult(
    int Jobs, int Confirmed, int Finished, int RunTwice, int DeadLetters, int Lost, int WrongOutputs, long LeftInQueue,
    int Kills, bool StoppedCleanly, TimeSpan Elapsed)
{
    public bool IsGood => Lost == 0 && WrongOutputs == 0 && Finished == Jobs && LeftInQueue == 0 && StoppedCleanly;
}
