using System.Collections.Concurrent;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Undoing;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Plays a schedule of faults: each at its time, journaled before it is injected, proven, healed, and written into the
/// ledger step by step. Faults of processes and of the network overlap freely; those of the broker itself wait for
/// one another.
/// Promises: whatever a fault does, it is healed, and the next one comes; a fault never lasts longer than its time
/// and <see cref="Grace"/>; one that finds nothing to hit is noted as not tried, and is no failure.
/// </summary>
internal sealed class Conductor(
    IReadOnlyList<ScheduledFault> schedule, Lab lab, UndoJournal journal, LedgerWriter ledger, Action<string> tell,
    Action<string> note)
    : IDisposable
{
    /// <summary>How long a fault may take beside its own duration: to be injected, proven and healed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(120);

    /// <summary>How long a victim is waited for: no process that starts, however busy the machine, takes as long.
    /// </summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private const TargetPowers OfBroker = TargetPowers.Restart | TargetPowers.Kill | TargetPowers.Pause
        | TargetPowers.Control | TargetPowers.Cluster;

    private readonly SemaphoreSlim _broker = new(1);
    private readonly ConcurrentDictionary<int, string> _now = [];
    private int _done;

    /// <summary>Faults that have come and gone.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Those in force, in words; empty: none.</summary>
    public string Now => string.Join("; ", _now.OrderBy(each => each.Key).Select(each => each.Value));

    /// <param name="began">When the load began, as the clock's timestamp.</param>
    /// <param name="cancel">No further fault; those under way are healed.</param>
    public Task PlayAsync(long began, CancellationToken cancel) =>
        Task.WhenAll(schedule.Select(each => PlayAsync(each, began, cancel)));

    /// <summary>Plays one fault, whatever its time, and returns when it is healed.</summary>
    public async Task PlayNowAsync(ScheduledFault scheduled, CancellationToken cancel)
    {
        var kind = scheduled.Kind;
        var ofThis = lab with { Random = new Random(scheduled.Seed), Claimant = new object() };
        try
        {
            var fault = await TryAsync(
                scheduled.Number, FaultStep.Inject, () => CreateAsync(scheduled, kind, ofThis, cancel), cancel);
            if (fault is not null)
            {
                await PlayAsync(scheduled.Number, kind, fault, cancel);
            }
        }
        finally
        {
            lab.Claims.ReleaseAll(ofThis.Claimant);
        }
    }

    public void Dispose() => _broker.Dispose();

    private async Task PlayAsync(ScheduledFault scheduled, long began, CancellationToken cancel)
    {
        var isOfBroker = scheduled.Kind.NeedsAny(OfBroker);
        try
        {
            var early = scheduled.At - lab.Clock.GetElapsedTime(began);
            await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero, lab.Clock, cancel);
            if (isOfBroker)
            {
                await _broker.WaitAsync(cancel);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            await PlayNowAsync(scheduled, cancel);
        }
        finally
        {
            Interlocked.Increment(ref _done);
            if (isOfBroker)
            {
                _broker.Release();
            }
        }
    }

    private async Task PlayAsync(int number, FaultKind kind, Fault fault, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(fault.Duration + Grace, lab.Clock);
        journal.Begin(number, kind.Name, fault.Duration + Grace, fault.Undo);
        ledger.Add(new HistoryEvent.FaultInjected(number, kind.Name, fault.Victim));
        tell($"{kind.Name}: {fault.Victim}");
        _now[number] = $"{kind.Name} of {fault.Victim}";
        var injected = await TryAsync(
            number, FaultStep.Inject, () => DoAsync(fault.InjectAsync(limit.Token)), CancellationToken.None);
        var isProven = injected is not null && await ProveAsync(number, kind, fault, limit.Token);
        if (isProven && fault.Duration > TimeSpan.Zero)
        {
            await PassAsync(fault.Duration, cancel);
        }

        var healed = await TryAsync(
            number, FaultStep.Heal, () => DoAsync(fault.HealAsync(limit.Token)), CancellationToken.None);
        if (healed is not null)
        {
            ledger.Add(new HistoryEvent.FaultHealed(number));
            journal.Done(number);
        }

        _now.TryRemove(number, out _);
    }

    /// <summary>A victim may just be on its way back: waits for one.</summary>
    /// <exception cref="NoOccasionException">None came, or none will come.</exception>
    private async Task<Fault> CreateAsync(
        ScheduledFault scheduled, FaultKind kind, Lab ofThis, CancellationToken cancel)
    {
        var began = lab.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                var fault = kind.Create(new FaultArguments(kind, scheduled.Plan.Settings), ofThis);
                await fault.PrepareAsync(cancel);
                return fault;
            }
            catch (FaultException missing)
            {
                if (missing is NoOccasionException || lab.Clock.GetElapsedTime(began) > _patience)
                {
                    throw missing as NoOccasionException ?? new NoOccasionException(missing.Message);
                }

                lab.Claims.ReleaseAll(ofThis.Claimant);
                await Task.Delay(TimeSpan.FromMilliseconds(50), lab.Clock, cancel);
            }
        }
    }

    private async Task<bool> ProveAsync(int number, FaultKind kind, Fault fault, CancellationToken limit)
    {
        var proof = await TryAsync(
            number, FaultStep.Prove, () => fault.ProveAsync(limit), CancellationToken.None);
        if (proof is not null)
        {
            ledger.Add(new HistoryEvent.FaultHappened(kind.Name, number, proof));
        }

        return proof is not null;
    }

    private async Task PassAsync(TimeSpan duration, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(duration, lab.Clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // the run is interrupted: it is healed at once
        }
    }

    private static async Task<object> DoAsync(Task step)
    {
        await step;
        return step;
    }

    /// <summary>Null: the step failed, and the ledger says why.</summary>
    private async Task<T?> TryAsync<T>(
        int number, FaultStep step, Func<Task<T>> act, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await act();
        }
        catch (NoOccasionException missing)
        {
            note($"Fault {number} was not tried: {missing.Message}");
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null; // the run is interrupted: it was not tried either
        }
        catch (Exception error) when (error is FaultException or TargetException or TimeoutException or FormatException
            or OperationCanceledException or IOException)
        {
            ledger.Add(new HistoryEvent.FaultFailed(number, step, error.Message));
            tell($"fault {number}: {error.Message}");
            return null;
        }
    }
}
