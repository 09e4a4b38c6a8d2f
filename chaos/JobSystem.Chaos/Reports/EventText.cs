using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Texts;

namespace JobSystem.Chaos.Reports;

/// <summary>An event of a job's life as a short sentence. Pure.</summary>
internal static class EventText
{
    /// <summary>The process that can tell more of it; null: nobody knows which.</summary>
    public static string? ProcessOf(HistoryEvent happened) => happened switch
    {
        HistoryEvent.RunStarted started => started.Run.Worker,
        HistoryEvent.EffectDone done => done.Run.Worker,
        HistoryEvent.RunFailed failed => failed.Run.Worker,
        HistoryEvent.WorkerKilled killed => killed.Worker,
        HistoryEvent.WorkerStopped stopped => stopped.Worker,

        // A job is named after the life of the producer that enqueued it.
        HistoryEvent.EnqueueIntended { Job.Value: var job } when job.LastIndexOf('-') is > 0 and var end => job[..end],
        _ => null,
    };

    public static string Of(HistoryEvent happened) => happened switch
    {
        HistoryEvent.EnqueueIntended { IsForeign: true } => "A foreign client was about to enqueue it.",
        HistoryEvent.EnqueueIntended => "The client was about to enqueue it.",
        HistoryEvent.EnqueueConfirmed => "The broker confirmed it.",
        HistoryEvent.EnqueueRejected rejected => $"The broker did not accept it: {rejected.Reason}",
        HistoryEvent.EnqueueUnknown unknown => $"It is not known whether the broker stored it: {unknown.Why}",
        HistoryEvent.RunStarted started => $"{started.Run.Worker} began run {started.Run.Number}.",
        HistoryEvent.EffectDone done => $"{done.Run.Worker} did the work in run {done.Run.Number}.",
        HistoryEvent.RunFailed failed => $"Run {failed.Run.Number} of {failed.Run.Worker} failed: {failed.Why}",
        HistoryEvent.MessageStored { Epoch: HistoryEvent.MessageStored.EpochOfDeadLetters } stored =>
            $"It was stored as a dead letter in '{stored.Queue}'.",
        HistoryEvent.MessageStored stored => $"A message of it (epoch {stored.Epoch}) was stored in '{stored.Queue}'.",
        HistoryEvent.MessageAcked acked => $"Its message (epoch {acked.Epoch}) in '{acked.Queue}' was acked.",
        HistoryEvent.DeadLettered dead => $"It is a dead letter: {KebabCase.Of($"{dead.Reason}")}.",
        HistoryEvent.StillQueued queued => $"It is still in the queue '{queued.Queue}'.",
        HistoryEvent.WorkerKilled killed => $"{killed.Worker} was killed.",
        HistoryEvent.WorkerStopped stopped => $"{stopped.Worker} ended with {stopped.ExitCode}.",
        HistoryEvent.Destroyed destroyed => $"It was destroyed on purpose by {destroyed.By}.",
        _ => OfTheRun(happened),
    };

    /// <summary>What is of no job.</summary>
    private static string OfTheRun(HistoryEvent happened) => happened switch
    {
        HistoryEvent.WorkerStarted started => $"{started.Worker} was ready.",
        HistoryEvent.EndExpected expected => $"{expected.Process} ended because the run asked it to.",
        HistoryEvent.ActorCrashed crashed =>
            $"{crashed.Process}: an actor of kind {crashed.Kind} was made to fail: {crashed.Actor}",
        HistoryEvent.ActorsRestarted restarted => $"{restarted.Process} restarted its tree of actors.",
        HistoryEvent.ConnectionLost { Process: "" } lost => $"A connection was lost: {lost.Why}",
        HistoryEvent.ConnectionLost lost => $"{lost.Process} lost a connection: {lost.Why}",
        HistoryEvent.EnqueuesMissed missed => $"{missed.Count} jobs were due and never sent.",
        HistoryEvent.FaultInjected injected =>
            $"Fault {injected.Fault}, {injected.Name}: injected on {injected.Target}",
        HistoryEvent.FaultHappened proven => $"Fault {proven.Fault}, {proven.Name}: took effect: {proven.Proof}",
        HistoryEvent.FaultHealed healed => $"Fault {healed.Fault}: reverted.",
        HistoryEvent.FaultFailed failed => $"Fault {failed.Fault}: {WordOf(failed.Step)}: {failed.Why}",
        HistoryEvent.LedgerOpened opened => $"Ledger of {opened.Name} opened.",
        HistoryEvent.LedgerClosed closed => $"Ledger of {closed.Name} closed with {closed.Events} events.",
        HistoryEvent.ProcessSampled sample =>
            $"{sample.Process} used {ResourceText.Bytes(sample.Memory)}, {sample.Handles} handles, " +
            $"{sample.Threads} threads and {StageText.Of(sample.Cpu)} of CPU.",
        HistoryEvent.BrokerSampled sample =>
            $"The broker used {ResourceText.Bytes(sample.Memory)}, {sample.Connections} connections and " +
            $"{sample.Channels} channels.",
        HistoryEvent.PhaseBegan phase => $"Phase: {phase.Phase}.",
        HistoryEvent.Drained { IsComplete: true } => "All queues were searched.",
        HistoryEvent.Drained => "The queues could not be searched to the end.",
        _ => happened.ToString(),
    };

    private static string WordOf(FaultStep step) => step switch
    {
        FaultStep.Inject => "could not be injected",
        FaultStep.Prove => "was not seen to take effect",
        _ => "could not be reverted",
    };
}
