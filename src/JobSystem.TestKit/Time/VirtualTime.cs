namespace JobSystem.TestKit;

/// <summary>
/// A clock that stands still until it is advanced. Timers fire in the order of their due times, those of the same
/// time in the order they were set. Under a <see cref="Simulation"/> the simulation advances it.
/// </summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _start;
    private readonly Action? _onArming;
    private TimeSpan _elapsed;
    private long _armed;

    /// <summary>
    /// A clock that stands at <paramref name="start"/>; by default at the first moment of 2000 (UTC).
    /// </summary>
    public VirtualTime(DateTimeOffset? start = null)
        : this(start, null)
    {
    }

    internal VirtualTime(DateTimeOffset? start, Action? onArming)
    {
        _start = start?.ToUniversalTime() ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _onArming = onArming;
    }

    /// <summary>How far it has been advanced.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>How many timers are set.</summary>
    public int Timers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Advances the clock, and fires on this thread what becomes due on the way, each at its own time.
    /// </summary>
    /// <exception cref="InvalidOperationException">It belongs to a simulation, which advances it itself.</exception>
    public void Advance(TimeSpan by)
    {
        if (_onArming is not null)
        {
            throw new InvalidOperationException("The simulation advances its clock itself: use RunFor.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan until = Elapsed + by;
        while (TryAdvanceToNext(until))
        {
            while (TakeDue() is { } timer)
            {
                timer.Fire();
            }
        }

        AdvanceTo(until);
    }

    /// <summary>Advances to the next due time, if there is one until then.</summary>
    internal bool TryAdvanceToNext(TimeSpan until)
    {
        lock (_lock)
        {
            if (_timers.Min is not { } next || next.Due > until)
            {
                return false;
            }

            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
            return true;
        }
    }

    internal void AdvanceTo(TimeSpan until)
    {
        lock (_lock)
        {
            _elapsed = until > _elapsed ? until : _elapsed;
        }
    }

    /// <summary>Takes the next timer whose time has come; a periodic one is set again.</summary>
    internal VirtualTimer? TakeDue()
    {
        lock (_lock)
        {
            if (_timers.Min is not { } next || next.Due > _elapsed)
            {
                return null;
            }

            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero)
            {
                Add(next, next.Due + next.Period);
            }

            return next;
        }
    }

    internal void Arm(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        _onArming?.Invoke();
        lock (_lock)
        {
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Add(timer, _elapsed + dueTime);
            }
        }
    }

    internal void Disarm(VirtualTimer timer)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
        }
    }

    private void Add(VirtualTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Order = ++_armed;
        _timers.Add(timer);
    }
}
