namespace JobSystem.Transports.InMemory;

/// <summary>
/// Messages that wait for their due time, and the one timer that wakes for the earliest of them.
/// Guarded by the broker's gate; <c>wake</c> is called on no lock.
/// </summary>
internal sealed class DelayedMessages(TimeProvider clock, Action wake) : IDisposable
{
    /// <summary>Timers cannot wait much longer than this; a longer delay takes several waits.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);

    private readonly PriorityQueue<(string Queue, StoredMessage Message), (TimeSpan Due, long Sequence)>
        _messages = new();

    private readonly long _origin = clock.GetTimestamp();
    private ITimer? _timer;

    public IEnumerable<(string Queue, StoredMessage Message)> All =>
        _messages.UnorderedItems.Select(item => item.Element).OrderBy(each => each.Message.Sequence);

    private TimeSpan Now => clock.GetElapsedTime(_origin);

    public void Add(string queue, StoredMessage message, TimeSpan delay)
    {
        var now = Now;
        var due = delay < TimeSpan.MaxValue - now ? now + delay : TimeSpan.MaxValue;
        _messages.Enqueue((queue, message), (due, message.Sequence));
        Arm();
    }

    /// <summary>Takes out what is due.</summary>
    public IReadOnlyList<(string Queue, StoredMessage Message)> TakeDue()
    {
        var due = new List<(string, StoredMessage)>();
        while (_messages.TryPeek(out var message, out var order) && order.Due <= Now)
        {
            _messages.Dequeue();
            due.Add(message);
        }

        Arm();
        return due;
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm()
    {
        _timer ??= clock.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!_messages.TryPeek(out _, out var order))
        {
            return;
        }

        // Timers count whole milliseconds: a part of one is waited for as a whole, or it would wake too
        // early.
        var wait = Math.Ceiling(Math.Max(0, (order.Due - Now).TotalMilliseconds));
        var bounded = TimeSpan.FromMilliseconds(Math.Min(wait, _longestWait.TotalMilliseconds));
        _timer.Change(bounded, Timeout.InfiniteTimeSpan);
    }
}
