using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// The work of a job under test: it takes its time, and its effect is a line in the ledger, outside of the broker.
/// Promises: the effect is written before it returns, so before any ack.
/// </summary>
internal sealed class TestedHandler(
    string worker, SystemSettings settings, FailpointSet failpoints, LedgerWriter ledger, TimeProvider clock)
{
    private long _runs;

    /// <param name="body">Of the delivery.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="cancel">The run's time is up, or the worker drains.</param>
    /// <exception cref="JobNotRetryableException">The payload is not of this run.</exception>
    public async Task RunAsync(ReadOnlyMemory<byte> body, int attempt, CancellationToken cancel)
    {
        if (!JobBody.TryGetJob(body.Span, out var job))
        {
            throw new JobNotRetryableException("The payload names no job.");
        }

        var run = new RunId(worker, Interlocked.Increment(ref _runs));
        ledger.Add(new HistoryEvent.RunStarted(job, run, JobHistory.HashOf(body.Span)));
        try
        {
            await WorkAsync(job, attempt, cancel);
        }
        catch (Exception error)
        {
            ledger.Add(new HistoryEvent.RunFailed(job, run, error.Message));
            throw;
        }

        ledger.Add(new HistoryEvent.EffectDone(job, run));
        if (failpoints.Hits(FailpointSet.Exit, job, worker))
        {
            Posix.Signal(Environment.ProcessId, Posix.SigKill);
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, CancellationToken.None);
        }
    }

    private async Task WorkAsync(JobId job, int attempt, CancellationToken cancel)
    {
        if (JobDraw.Of(job, settings.Workload).Work is var work && work > TimeSpan.Zero)
        {
            await Task.Delay(work, clock, cancel);
        }

        if (failpoints.Hits(FailpointSet.Hang, job, $"{attempt}"))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
        }

        if (failpoints.Hits(FailpointSet.Throw, job, $"{attempt}"))
        {
            throw new InvalidOperationException("As the experiment says.");
        }
    }
}
