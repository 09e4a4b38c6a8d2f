namespace JobSystem.Testing.Simulations;

/// <summary>What a simulated job does in each of its runs, wherever they happen; the last act is repeated.</summary>
/// <param name="Acts">The first run's act first.</param>
/// <param name="Delay">With which it is enqueued.</param>
/// <param name="IsForeign">A client that is not ours sends it.</param>
public sealed record JobScript(IReadOnlyList<JobAct> Acts, TimeSpan Delay, bool IsForeign)
{
    /// <summary>Runs in all, as every worker of the simulation is set.</summary>
    public const int MaxAttempts = 4;

    /// <summary>The dead letter it is meant to become; null: it is meant to finish.</summary>
    public FailureReason? MeantToDieOf => Acts[^1].Kind switch
    {
        ActKind.Fail => FailureReason.AttemptsExhausted,
        ActKind.Hang or ActKind.HangDeaf => FailureReason.TimedOut,
        ActKind.Hopeless => FailureReason.NotRetryable,
        ActKind.KillWorker => FailureReason.WorkerLost,
        _ => null,
    };

    /// <param name="run">Of this job, from 1.</param>
    public JobAct ActOf(int run) => Acts[Math.Min(run, Acts.Count) - 1];

    public override string ToString() =>
        (Delay > TimeSpan.Zero ? $"after {Delay.TotalSeconds:0.0} s: " : "") + string.Join(", then ", Acts);
}

/// <summary>What one run does, after so much time.</summary>
public readonly record struct JobAct(ActKind Kind, TimeSpan Takes)
{
    public override string ToString() => $"{Kind} ({Takes.TotalSeconds:0.0} s)";
}

/// <summary>The kinds of runs that users have.</summary>
public enum ActKind
{
    Succeed,

    Fail,

    /// <summary>The handler says that no retry can help.</summary>
    Hopeless,

    /// <summary>The handler says itself when it wants to be tried again.</summary>
    TryLater,

    /// <summary>It hangs until it is cancelled.</summary>
    Hang,

    /// <summary>It hangs and does not listen to its cancellation.</summary>
    HangDeaf,

    /// <summary>It takes its whole worker with it.</summary>
    KillWorker,
}
