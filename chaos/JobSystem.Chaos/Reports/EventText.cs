using JobSystem.Chaos.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>An event of a job's life as a short sentence. Pure.</summary>
internal static class EventText
{
    public static string Of(HistoryEvent happened) => happened switch
    {
        HistoryEvent.EnqueueIntended { IsForeign: true } => "A foreign client was about to enqueue it.",
        HistoryEvent.EnqueueIntended => "The client was about to enqueue it.",
        HistoryEvent.EnqueueConfirmed => "The broker confirmed it.",
        HistoryEvent.EnqueueRejected rejected => $"The broker has not got it: {rejected.Reason}",
        HistoryEvent.EnqueueUnknown unknown => $"Nobody knows whether the broker has got it: {unknown.Why}",
        HistoryEvent.RunStarted started => $"{started.Run.Worker} began run {started.Run.Number}.",
        HistoryEvent.EffectDone done => $"{done.Run.Worker} did the work in run {done.Run.Number}.",
        HistoryEvent.RunFailed failed => $"Run {failed.Run.Number} of {failed.Run.Worker} failed: {failed.Why}",
        HistoryEvent.MessageStored stored => $"A message of it (epoch {stored.Epoch}) was stored in '{stored.Queue}'.",
        HistoryEvent.MessageAcked acked => $"Its message (epoch {acked.Epoch}) in '{acked.Queue}' was acked.",
        HistoryEvent.DeadLettered dead => $"It stands in the dead letters: {dead.Reason}.",
        HistoryEvent.StillQueued queued => $"It is still in the queue '{queued.Queue}'.",
        HistoryEvent.Destroyed destroyed => $"It was destroyed on purpose by {destroyed.By}.",
        _ => happened.ToString(),
    };
}
