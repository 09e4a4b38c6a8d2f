using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// Swallows every job at once and calls it finished: what is left to measure is the load generator itself.
/// </summary>
internal sealed class SinkProducer(string name, LedgerWriter ledger) : ITestedProducer
{
    private long _runs;

    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<EnqueueResult> EnqueueAsync(JobId job, string queue, byte[] body)
    {
        var run = new RunId(name, Interlocked.Increment(ref _runs));
        ledger.Add(new HistoryEvent.RunStarted(job, run, JobHistory.HashOf(body)));
        ledger.Add(new HistoryEvent.EffectDone(job, run));
        return Task.FromResult<EnqueueResult>(new EnqueueResult.Confirmed(job));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
