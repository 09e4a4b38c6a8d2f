using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Cli.Controls.CanaryLedger;
using static JobSystem.Chaos.Verification.Histories.FindingKind;
using static JobSystem.Chaos.Verification.Histories.HistoryEvent;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>Every canary: what is right, each class of what is wrong, each way of not knowing.</summary>
internal static class CanaryCatalog
{
    public static IReadOnlyList<Canary> All { get; } =
    [
        new("right", "Nothing is wrong.", Prediction.Pass),
        new("twice-across-a-kill", "A job was finished by a worker that died then, and again by another.",
            Prediction.Pass, ledger => ledger.AtEnd(Steady,
                new RunStarted(Job(1), Run(Steady, 101), 7), new EffectDone(Job(1), Run(Steady, 101)))),
        new("twice-across-a-crash", "A worker whose runner crashed finished a job again that it had finished.",
            Prediction.Pass, ledger => ledger.AtEnd(Steady, new ActorCrashed(Steady, "runner", "/user/it"),
                new ActorsRestarted(Steady),
                new RunStarted(Job(2), Run(Steady, 101), 7), new EffectDone(Job(2), Run(Steady, 101)))),
        new("acked-for-its-successor", "A failed run's message was acked when its retry was stored.",
            Prediction.Pass, ledger => ledger
                .With(each => each is EffectDone { Job: var job } done && job == Job(2)
                    ? new RunFailed(job, done.Run, "as the canary says")
                    : each)
                .After(each => each is RunFailed, Steady, new MessageStored(Job(2), 1, Queue))
                .AtEnd(Steady, new RunStarted(Job(2), Run(Steady, 102), 7), new EffectDone(Job(2), Run(Steady, 102)),
                    new MessageAcked(Job(2), 1, Queue))),
        new("destroyed", "A fault took a job away on purpose.",
            Prediction.Pass, ledger => Vanished(ledger, 3).AtEnd(Controller, new Destroyed(Job(3), "queue-purge"))),
        new("torn-tail", "A killed worker died while it wrote.",
            Prediction.Pass, Damage: folder => Append(folder, Killed, [40, 0, 0, 0, 1, 2, 3])),

        new("vanished", "A confirmed job never ran and is nowhere.",
            Prediction.Guilty(Lost), ledger => Vanished(ledger, 3)),
        new("effect-missing", "A job was acked, and its effect is missing.",
            Prediction.Guilty(EarlyAck, Lost),
            ledger => ledger.Without(each => each is EffectDone { Job: var job } && job == Job(3))),
        new("still-queued", "A confirmed job is still in its queue.",
            Prediction.Guilty(Stuck), ledger => Vanished(ledger, 3).AtEnd(Controller, new StillQueued(Job(3), Queue))),
        new("from-nowhere", "A job ran that nobody had enqueued.",
            Prediction.Guilty(Unexpected), ledger => ledger.AtEnd(Steady,
                new RunStarted(new JobId("stranger"), Run(Steady, 100), 7),
                new EffectDone(new JobId("stranger"), Run(Steady, 100)))),
        new("found-from-nowhere", "A message that nobody had enqueued is in the queue.",
            Prediction.Guilty(Unexpected),
            ledger => ledger.AtEnd(Controller, new StillQueued(new JobId("stranger"), Queue))),
        new("rejected-yet-run", "A job ran whose enqueue was rejected.",
            Prediction.Guilty(Phantom), ledger => ledger.With(
                each => each is EnqueueConfirmed { Job: var job } && job == Job(4)
                    ? new EnqueueRejected(job, "nacked")
                    : each)),
        new("acked-first", "A message was acked before the work was done.",
            Prediction.Guilty(EarlyAck), ledger => ledger
                .Without(each => each is MessageAcked { Job: var job } && job == Job(5))
                .After(each => each is RunStarted { Job: var job } && job == Job(5), Killed,
                    new MessageAcked(Job(5), 0, Queue))),
        new("twice-in-one-worker", "A worker finished a job again that it had finished.",
            Prediction.Guilty(DuplicatedWithoutCause), ledger => ledger.AtEnd(Steady,
                new RunStarted(Job(2), Run(Steady, 101), 7), new EffectDone(Job(2), Run(Steady, 101)))),
        new("twice-across-a-consumer", "A worker whose consumer crashed finished a job again that it had finished.",
            Prediction.Guilty(DuplicatedWithoutCause), ledger => ledger.AtEnd(Steady,
                new ActorCrashed(Steady, "consumer", "/user/it"),
                new RunStarted(Job(2), Run(Steady, 101), 7), new EffectDone(Job(2), Run(Steady, 101)))),
        new("twice-without-cause", "Two workers finished a job, and nothing had happened in between.",
            Prediction.Guilty(DuplicatedWithoutCause), ledger => ledger.AtEnd(Steady,
                new RunStarted(Job(19), Run(Steady, 101), 7), new EffectDone(Job(19), Run(Steady, 101)))),
        new("never-acked", "A worker finished its jobs and never acked them: each message is still in the queue.",
            Prediction.Guilty(Unacked), ledger => ledger
                .Without(each => each is MessageAcked { Job: var job } && IsLast(job))
                .AtEnd(Controller, new StillQueued(Job(19), Queue), new StillQueued(Job(20), Queue))),
        new("unacked-across-a-kill", "A worker died before its ack, and the message is still in the queue.",
            Prediction.Pass, ledger => ledger
                .Without(each => each is MessageAcked { Job: var job } && job == Job(9))
                .AtEnd(Controller, new StillQueued(Job(9), Queue))),
        new("payload-changed", "A run read another payload than was enqueued.",
            Prediction.Guilty(Corrupt), ledger => ledger.With(
                each => each is RunStarted { Job: var job } run && job == Job(6) ? run with { BodyHash = 8 } : each)),
        new("dead-letter", "A job is a dead letter where none is allowed.",
            Prediction.Guilty(FindingKind.DeadLettered), ledger => Vanished(ledger, 7)
                .AtEnd(Controller, new HistoryEvent.DeadLettered(Job(7), FailureReason.AttemptsExhausted))),

        new("file-missing", "The ledger of a worker is not there.",
            Prediction.Unknown, Damage: folder => File.Delete(FileOf(folder, Steady))),
        new("tail-missing", "The ledger of a worker that ended in order is cut.",
            Prediction.Unknown, Damage: folder => Cut(folder, Steady, 45)),
        new("end-missing", "Of the ledger of a worker that ended in order only the last word is missing.",
            Prediction.Unknown, Damage: folder => Cut(folder, Steady, 1)),
        new("byte-flipped", "One byte of a ledger has changed.",
            Prediction.Unknown, Damage: folder => Flip(folder, Successor)),
        new("byte-of-the-dead-flipped", "One byte of a killed worker's ledger has changed.",
            Prediction.Unknown, Damage: folder => Flip(folder, Killed)),
        new("not-a-ledger", "A file of the folder is none.",
            Prediction.Unknown, Damage: folder => File.WriteAllText(FileOf(folder, "worker-3.1"), "what is this?")),
        new("controller-died", "The controller's ledger ends in the middle.",
            Prediction.Unknown, ledger => ledger.Without(each => each is Drained or WorkerStopped)),
        new("facts-missing", "The controller died before it saved what it knew.",
            Prediction.Unknown, Damage: folder => folder.Save(folder.Load() with { IsComplete = false })),
        new("controllers-end-missing", "Of the controller's ledger only the last word is missing.",
            Prediction.Unknown, Damage: folder => Cut(folder, Controller, 1)),
        new("not-drained", "The queues could not be searched.",
            Prediction.Unknown, ledger => Vanished(ledger, 3)
                .With(each => each is Drained ? new Drained(IsComplete: false) : each)),
        new("no-fault", "The fault of the experiment never took effect.",
            Prediction.Unknown, ledger => ledger.Without(each => each is FaultHappened)),
        new("fault-failed", "A fault could not be reverted.",
            Prediction.Unknown, ledger => ledger.With(
                each => each is FaultHealed ? new FaultFailed(1, FaultStep.Heal, "as the canary says") : each)),
        new("empty", "Nothing was enqueued at all.", Prediction.Unknown, ledger => ledger.Cleared()),
        new("too-few", "Too few jobs were confirmed to prove anything.",
            Prediction.Unknown, ledger => ledger.With(each => each is EnqueueConfirmed confirmed
                ? new EnqueueUnknown(confirmed.Job, "no confirm came")
                : each)),
    ];

    /// <summary>Enqueued and confirmed, and then nothing.</summary>
    private static CanaryLedger Vanished(CanaryLedger ledger, int job) => ledger.Without(each =>
        each is OfJob ofJob and not (EnqueueIntended or EnqueueConfirmed) && ofJob.Job == Job(job));

    /// <summary>Enqueued after the only fault.</summary>
    private static bool IsLast(JobId job) => job == Job(19) || job == Job(20);

    private static void Append(RunFolder folder, string file, byte[] bytes)
    {
        using var stream = new FileStream(FileOf(folder, file), FileMode.Append);
        stream.Write(bytes);
    }

    private static void Cut(RunFolder folder, string file, int bytes)
    {
        using var stream = File.OpenWrite(FileOf(folder, file));
        stream.SetLength(stream.Length - bytes);
    }

    /// <summary>In the middle.</summary>
    private static void Flip(RunFolder folder, string file)
    {
        var path = FileOf(folder, file);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }
}
