using System.Collections.Concurrent;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Plays a schedule of faults: each at its time, journaled before it is injected, proven, healed, and written into the
/// ledger step by step. Faults of processes and of the network overlap freely; those of the broker itself wait for
/// one another. Those of one plan keep half of their distance even when they come late, because victims were missing:
/// five kills at once are another experiment than five kills in five seconds.
/// Promises: whatever a fault does, it is healed, and the next one comes; a fault never lasts longer than its time
/// and <see cref="Grace"/>; one that finds nothing to hit is noted as not tried, and is no failure.
/// </summary>
internal sealed class Conductor(
    IReadOnlyList<ScheduledFault> schedule, FaultContext context, RevertJournal journal, LedgerWriter ledger,
    Action<string> tell,
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

    private readonly IReadOnlyList<ScheduledFault> _schedule = schedule;
    private readonly TimeProvider _clock = context.Clock;
    private readonly SemaphoreSlim _broker = new(1);
    private readonly ConcurrentDictionary<FaultPlan, SemaphoreSlim> _turns = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<int, string> _now = [];
    private int _done;

    /// <summary>Faults that have come and gone.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Those in force, in words; empty: none.</summary>
    public string Now => string.Join("; ", _now.OrderBy(each => each.Key).Select(each => each.Value));

    /// <param name="began">When the load began, as the clock's timestamp.</param>
    /// <param name="cancel">No further fault; those under way are healed.</param>
    public Task PlayAsync(long began, CancellationToken cancel) =>
        Task.WhenAll(_schedule.Select(each => PlayAsync(each, began, cancel)));

    /// <summary>Plays one fault, whatever its time, and returns when it is healed.</summary>
    public async Task PlayNowAsync(ScheduledFault scheduled, CancellationToken cancel)
    {
        var kind = scheduled.Kind;
        var ofThis = context with { Random = new Random(scheduled.Seed), Claimant = new object() };
        using var turn = new Turn(this, scheduled);
        try
        {
            var fault = await TryAsync(
                scheduled.Number, FaultStep.Inject, () => CreateAsync(scheduled, kind, ofThis, turn, cancel), cancel);
            if (fault is not null)
            {
                await PlayAsync(scheduled.Number, kind, fault, turn, cancel);
            }
        }
        finally
        {
            context.Claims.ReleaseAll(ofThis.Claimant);
        }
    }

    public void Dispose() => _broker.Dispose();

    private async Task PlayAsync(ScheduledFault scheduled, long began, CancellationToken cancel)
    {
        var isOfBroker = scheduled.Kind.NeedsAny(OfBroker);
        try
        {
            var early = scheduled.At - _clock.GetElapsedTime(began);
            await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero, _clock, cancel);
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

    private async Task PlayAsync(int number, FaultKind kind, Fault fault, Turn turn, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(fault.Duration + Grace, _clock);
        journal.Begin(number, kind.Name, fault.Duration + Grace, fault.Revert);
        ledger.Add(new HistoryEvent.FaultInjected(number, kind.Name, fault.Victim));
        tell($"{kind.Name}: {fault.Victim}");
        _now[number] = $"{kind.Name} of {fault.Victim}";
        var injected = await TryAsync(
            number, FaultStep.Inject, () => DoAsync(fault.InjectAsync(limit.Token)), CancellationToken.None);
        turn.Pass();
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
        ScheduledFault scheduled, FaultKind kind, FaultContext ofThis, Turn turn, CancellationToken cancel)
    {
        var began = _clock.GetTimestamp();
        await turn.WaitAsync(cancel);
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
                if (missing is NoOccasionException || _clock.GetElapsedTime(began) > _patience)
                {
                    throw missing as NoOccasionException ?? new NoOccasionException(missing.Message);
                }

                context.Claims.ReleaseAll(ofThis.Claimant);
                await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancel);
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
            await Task.Delay(duration, _clock, cancel);
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

    /// <summary>
    /// The turn of one fault among those of its plan, from before its victim is chosen. It passes once, half of the
    /// planned distance after the injection; at once where nothing was injected.
    /// </summary>
    private sealed class Turn(Conductor owner, ScheduledFault scheduled) : IDisposable
    {
        private readonly SemaphoreSlim _gate = owner._turns.GetOrAdd(scheduled.Plan, static _ => new SemaphoreSlim(1));
        private bool _isOurs;

        public async Task WaitAsync(CancellationToken cancel)
        {
            await _gate.WaitAsync(cancel);
            _isOurs = true;
        }

        public void Pass() => PassAfter(Schedule.ToTheNext(owner._schedule, scheduled) / 2);

        public void Dispose() => PassAfter(TimeSpan.Zero);

        private void PassAfter(TimeSpan distance)
        {
            if (_isOurs)
            {
                _isOurs = false;
                _ = Task.Delay(distance, owner._clock, CancellationToken.None)
                    .ContinueWith(_ => _gate.Release(), TaskScheduler.Default);
            }
        }
    }
}
