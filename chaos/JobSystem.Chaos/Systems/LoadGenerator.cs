using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// Enqueues jobs when they are due, whatever became of those before: an open loop. Only the window bounds what is on
/// its way; who must wait for a place in it is sent late, and how late stands in the ledger, so that a broker that
/// stalls cannot hide it by stalling the generator too (coordinated omission).
/// Promises: the intent is in the ledger before the publish, the answer after it; what was due and never tried is
/// counted. Ends: when there are enough jobs, when told to stop, or when it is too late; each job has its answer then.
/// </summary>
internal sealed class LoadGenerator(
    string name, ITestedProducer producer, SystemSettings settings, LedgerWriter ledger, TimeProvider clock)
    : IDisposable
{
    private readonly SemaphoreSlim _window = new(settings.Workload.Window);
    private readonly TaskCompletionSource _defect = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Goes the whole way with nothing at its end for half a second, so that the first jobs of a load are not late
    /// because their code was still being compiled.
    /// </summary>
    public static async Task WarmUpAsync(SystemSettings settings, TimeProvider clock)
    {
        const int jobs = 10_000;
        using var nowhere = LedgerWriter.ToNowhere(clock);
        var load = new WorkloadPlan { Rate = RatePlan.Constant(2 * jobs), Jobs = jobs };
        using var generator = new LoadGenerator(
            "warm-up", new SinkProducer("warm-up", nowhere),
            settings with { Workload = load, Fleet = settings.Fleet with { Producers = 1 } }, nowhere, clock);
        await generator.RunAsync(member: 0, done: 0, clock.GetTimestamp(), CancellationToken.None);
    }

    /// <param name="member">Which producer, from 0.</param>
    /// <param name="done">Jobs that its earlier lives have tried.</param>
    /// <param name="origin">When the load began, as the clock's timestamp.</param>
    /// <param name="stop">No more jobs; the answers are waited for.</param>
    public async Task RunAsync(int member, int done, long origin, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = Task.Factory.StartNew(
            () => Send(member, done, origin, ending.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(sending, _defect.Task) != sending)
        {
            await ending.CancelAsync();
        }

        await sending;
        for (var place = 0; place < settings.Workload.Window; place++)
        {
            await _window.WaitAsync(CancellationToken.None);
        }

        await (_defect.Task.IsFaulted ? _defect.Task : Task.CompletedTask);
    }

    public void Dispose() => _window.Dispose();

    private void Send(int member, int done, long origin, CancellationToken stop)
    {
        var dues = LoadSchedule.Of(settings.Workload, member, settings.Fleet.Producers, settings.Seed)
            .Select(due => origin + (due.Ticks * TimeSpan.NanosecondsPerTick))
            .Skip(done);
        using var next = dues.GetEnumerator();
        for (var number = done + 1; next.MoveNext(); number++)
        {
            if (!Metronome.WaitUntil(next.Current, stop) || !TryEnter(next.Current, stop))
            {
                Miss(next);
                return;
            }

            _ = SendAsync(JobName.Create(name, number, settings.Run), next.Current);
        }
    }

    /// <summary>Takes a place in the window. False, and none is taken: told to stop, or it has become too late.
    /// </summary>
    private bool TryEnter(long due, CancellationToken stop)
    {
        try
        {
            _window.Wait(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (!stop.IsCancellationRequested && LatenessOf(due) <= (settings.Workload.Patience ?? TimeSpan.MaxValue))
        {
            return true;
        }

        _window.Release();
        return false;
    }

    private async Task SendAsync(JobId job, long due)
    {
        try
        {
            var draw = JobDraw.Of(job, settings.Workload);
            var body = JobBody.Create(job, draw.Payload);
            ledger.Add(new HistoryEvent.EnqueueIntended(job, JobHistory.HashOf(body), Late: LatenessOf(due)));
            var queue = settings.Workload.Queues[draw.Queue].Name;
            ledger.Add(HistoryEvent.Answered(job, await producer.EnqueueAsync(job, queue, body)));
        }
        catch (Exception error)
        {
            _defect.TrySetException(error); // it must end the process with its error, not stop it without a word
        }
        finally
        {
            _window.Release();
        }
    }

    /// <summary>From the current job on, what is due by now.</summary>
    private void Miss(IEnumerator<long> next)
    {
        var (now, count, first, last) = (clock.GetTimestamp(), 0L, TimeSpan.Zero, TimeSpan.Zero);
        do
        {
            var late = clock.GetElapsedTime(next.Current, now);
            if (late < TimeSpan.Zero || settings.Workload.Rate.IsUnlimited)
            {
                break;
            }

            (count, first, last) = (count + 1, count == 0 ? late : first, late);
        }
        while (next.MoveNext());

        if (count > 0)
        {
            ledger.Add(new HistoryEvent.EnqueuesMissed(count, first, last));
        }
    }

    private TimeSpan LatenessOf(long due) =>
        settings.Workload.Rate.IsUnlimited || clock.GetElapsedTime(due) is not { Ticks: > 0 } late
            ? TimeSpan.Zero
            : late;
}
