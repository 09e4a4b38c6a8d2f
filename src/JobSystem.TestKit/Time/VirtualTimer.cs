namespace JobSystem.TestKit;

/// <summary>A timer on a <see cref="VirtualTime"/>, which owns its due time, period and order.</summary>
internal sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
{
    internal static readonly IComparer<VirtualTimer> ByDueTime = Comparer<VirtualTimer>.Create(
        static (left, right) => (left.Due, left.Order).CompareTo((right.Due, right.Order)));

    private bool _disposed;

    internal TimeSpan Due { get; set; }

    internal TimeSpan Period { get; set; }

    internal long Order { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (!_disposed)
        {
            clock.Arm(this, dueTime, period);
        }

        return !_disposed;
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Disarm(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (!_disposed)
        {
            callback(state);
        }
    }
}
