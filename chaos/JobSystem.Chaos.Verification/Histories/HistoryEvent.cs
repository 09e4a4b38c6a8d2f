namespace JobSystem.Chaos.Verification.Histories;

/// <summary>
/// What happened, as somebody saw it who can be trusted: the client before and after a publish, the handler, the
/// broker where it can be watched, whoever makes the faults. A closed set.
/// </summary>
public abstract record HistoryEvent
{
    private HistoryEvent()
    {
    }

    /// <summary>An event of one job.</summary>
    public abstract record OfJob(JobId Job) : HistoryEvent;

    /// <summary>A client is about to enqueue. Written first, so nothing can come from nowhere.</summary>
    /// <param name="Job">Unique in the history; the same again is the same job, sent again.</param>
    /// <param name="BodyHash">Of the payload; what a run reads must match it.</param>
    /// <param name="IsForeign">
    /// Sent by a client that is not ours: of its redelivery no worker can be sure, not even the one that finished it.
    /// </param>
    /// <param name="Late">
    /// Since it was due by the schedule of the load: latencies count from then, so that a client that has to wait
    /// does not hide it. Zero: it is sent when it is due, or there is no schedule.
    /// </param>
    public sealed record EnqueueIntended(
        JobId Job, ulong BodyHash, bool IsForeign = false, TimeSpan Late = default) : OfJob(Job);

    public sealed record EnqueueConfirmed(JobId Job) : OfJob(Job);

    /// <summary>The broker did not accept the job.</summary>
    public sealed record EnqueueRejected(JobId Job, string Reason) : OfJob(Job);

    /// <summary>Nobody knows. An enqueue that was never answered is the same.</summary>
    public sealed record EnqueueUnknown(JobId Job, string Why) : OfJob(Job);

    /// <summary>What a client was told of an enqueue.</summary>
    public static HistoryEvent Answered(JobId job, EnqueueResult result) => result switch
    {
        EnqueueResult.Confirmed => new EnqueueConfirmed(job),
        EnqueueResult.Rejected rejected => new EnqueueRejected(job, rejected.Reason),
        EnqueueResult.Unknown unknown => new EnqueueUnknown(job, unknown.Reason),
        _ => throw new ArgumentException($"{result} is no result.", nameof(result)),
    };

    /// <param name="Job">As the worker read it.</param>
    /// <param name="Run">Which run.</param>
    /// <param name="BodyHash">Of the payload as the worker read it.</param>
    public sealed record RunStarted(JobId Job, RunId Run, ulong BodyHash) : OfJob(Job);

    /// <summary>The work of the job is done. Written before the handler returns, so before any ack.</summary>
    public sealed record EffectDone(JobId Job, RunId Run) : OfJob(Job);

    /// <summary>
    /// The run ended otherwise than well, by failure, timeout or abandonment, whatever it did before.
    /// </summary>
    public sealed record RunFailed(JobId Job, RunId Run, string Why) : OfJob(Job);

    /// <summary>The broker has stored a message of the job.</summary>
    public sealed record MessageStored(JobId Job, int Epoch, string Queue) : OfJob(Job)
    {
        /// <summary>After a dead letter is stored nothing more is owed, whatever its epoch.</summary>
        public const int EpochOfDeadLetters = int.MaxValue;
    }

    /// <summary>The broker has forgotten a message of the job, because it was acked.</summary>
    public sealed record MessageAcked(JobId Job, int Epoch, string Queue) : OfJob(Job);

    /// <summary>At the end the job is in the dead-letter queue.</summary>
    public sealed record DeadLettered(JobId Job, FailureReason Reason) : OfJob(Job);

    /// <summary>At the end the job is still in a queue, waiting or in hand.</summary>
    public sealed record StillQueued(JobId Job, string Queue) : OfJob(Job);

    /// <summary>A fault took the job away on purpose (a queue was deleted or purged).</summary>
    public sealed record Destroyed(JobId Job, string By) : OfJob(Job);

    /// <summary>A worker's life began.</summary>
    public sealed record WorkerStarted(string Worker) : HistoryEvent;

    /// <summary>A worker's process ended in order: it was asked to, and all it had in hand is accounted for.</summary>
    public sealed record WorkerStopped(string Worker, int ExitCode) : HistoryEvent;

    /// <summary>A worker's process died without a word.</summary>
    public sealed record WorkerKilled(string Worker) : HistoryEvent;

    /// <summary>
    /// The end of a process, told right before this, was one of ours: a signal that we sent, or a failpoint in its
    /// handler. An end without this nobody asked for.
    /// </summary>
    public sealed record EndExpected(string Process) : HistoryEvent;

    /// <summary>An actor of a worker failed on purpose: it threw where it was to receive a message.</summary>
    /// <param name="Process">One life of it.</param>
    /// <param name="Kind">As experiments call it: <c>runner</c>.</param>
    /// <param name="Actor">Its path.</param>
    public sealed record ActorCrashed(string Process, string Kind, string Actor) : HistoryEvent
    {
        /// <summary>The kind whose crash costs what was known of one run.</summary>
        public const string Worker = "worker";
    }

    /// <summary>
    /// A worker's tree of actors starts anew after the crash of one: only now it loses the memory of what it has
    /// finished, and what began in the pause before is lost with it.
    /// </summary>
    public sealed record ActorsRestarted(string Process) : HistoryEvent;

    /// <summary>A connection was lost, or a channel, or the broker with it.</summary>
    public sealed record ConnectionLost(string Why, string Process = "") : HistoryEvent;

    /// <summary>A client gave up its schedule: these jobs were due, and it has not even tried.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="First">Since the first of them was due.</param>
    /// <param name="Last">Since the last of them was due.</param>
    public sealed record EnqueuesMissed(long Count, TimeSpan First, TimeSpan Last) : HistoryEvent;

    /// <summary>A fault is about to be injected.</summary>
    /// <param name="Fault">Its number in this history, from 1.</param>
    /// <param name="Name">As experiments call it.</param>
    /// <param name="Target">Who suffers, in words.</param>
    public sealed record FaultInjected(int Fault, string Name, string Target) : HistoryEvent;

    /// <summary>A fault took effect. The name is what experiments require to have happened.</summary>
    /// <param name="Name">As experiments call it.</param>
    /// <param name="Fault">Its number; 0 where faults are not numbered.</param>
    /// <param name="Proof">What was seen.</param>
    public sealed record FaultHappened(string Name, int Fault = 0, string Proof = "") : HistoryEvent;

    /// <summary>A fault is undone: from here on what it broke can be expected to recover.</summary>
    public sealed record FaultHealed(int Fault) : HistoryEvent;

    /// <summary>A fault could not be injected, proven or undone.</summary>
    public sealed record FaultFailed(int Fault, FaultStep Step, string Why) : HistoryEvent;

    /// <summary>A process writes what it sees to a file of this name: if that is missing, nothing is known.</summary>
    public sealed record LedgerOpened(string Name) : HistoryEvent;

    /// <summary>The last line of a file: its process has seen no more than this.</summary>
    public sealed record LedgerClosed(string Name, long Events) : HistoryEvent;

    /// <summary>What a process used, as the kernel says.</summary>
    /// <param name="Process">One life of it.</param>
    /// <param name="Memory">Resident, in bytes.</param>
    /// <param name="PeakMemory">The most it ever was.</param>
    /// <param name="Handles">Open files, sockets and the like.</param>
    /// <param name="Threads">How many.</param>
    /// <param name="Cpu">On any processor, since the process began.</param>
    public sealed record ProcessSampled(
        string Process, long Memory, long PeakMemory, int Handles, int Threads, TimeSpan Cpu) : HistoryEvent;

    /// <summary>What the broker used, as it says itself; of a cluster the first node's memory.</summary>
    /// <param name="Memory">In bytes.</param>
    /// <param name="Connections">Of all clients.</param>
    /// <param name="Channels">In these connections.</param>
    public sealed record BrokerSampled(long Memory, int Connections, int Channels) : HistoryEvent;

    /// <summary>The run goes into its next part; for people and plots.</summary>
    public sealed record PhaseBegan(string Phase) : HistoryEvent;

    /// <summary>
    /// The end: publishers stopped, faults healed, and then every queue was looked through. What was found is told
    /// before this.
    /// </summary>
    /// <param name="IsComplete">False: somebody could not be asked, so nothing is known of what is missing.</param>
    public sealed record Drained(bool IsComplete) : HistoryEvent;
}

/// <summary>The part of a fault's life that failed.</summary>
public enum FaultStep
{
    Inject,
    Prove,
    Heal,
}

/// <summary>One run of a handler.</summary>
/// <param name="Worker">One life of one process; after a restart it is another.</param>
/// <param name="Number">Of this worker.</param>
public readonly record struct RunId(string Worker, long Number)
{
    public override string ToString() => $"{Worker}#{Number}";
}
