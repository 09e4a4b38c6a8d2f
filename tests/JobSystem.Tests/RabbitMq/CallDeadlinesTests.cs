using JobSystem.RabbitMq;
using JobSystem.TestKit;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>How long a write waits for a broker that takes no bytes.</summary>
public sealed class CallDeadlinesTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(15);

    private readonly VirtualTime _clock = new();
    private readonly TaskCompletionSource _write = new();
    private readonly List<TransportFailure> _missed = [];
    private readonly CallDeadlines _deadlines;
    private TimeSpan _unblockedFor = TimeSpan.FromHours(1);
    private int _asked;

    public CallDeadlinesTests() => _deadlines = new(_timeout, _clock);

    [Fact]
    public async Task A_broker_that_takes_no_bytes_for_a_call_timeout_is_given_up()
    {
        var writing = WriteAsync();

        _clock.Advance(_timeout);

        var error = await Assert.ThrowsAsync<TransportException>(() => writing);
        Assert.Equal([error.Failure], _missed);
    }

    [Fact]
    public async Task While_an_alarm_lasts_a_write_waits_without_a_deadline()
    {
        _unblockedFor = TimeSpan.Zero;
        var writing = WriteAsync();

        for (var times = 0; times < 5; times++)
        {
            _clock.Advance(_timeout);
            await AskedAsync(times + 1);
        }

        await CompleteAsync(writing);
    }

    [Fact]
    public async Task After_an_alarm_the_broker_has_a_whole_call_timeout_to_take_a_write()
    {
        var writing = WriteAsync();

        _unblockedFor = TimeSpan.FromSeconds(1);
        _clock.Advance(_timeout);
        await AskedAsync(1);

        await CompleteAsync(writing);
    }

    private Task WriteAsync() => _deadlines.WriteAsync(
        new ValueTask(_write.Task),
        () =>
        {
            Interlocked.Increment(ref _asked);
            return _unblockedFor;
        },
        _missed.Add);

    /// <summary>So many deadlines have passed, and the next one runs.</summary>
    private async Task AskedAsync(int times)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (Volatile.Read(ref _asked) < times || (_clock.Timers == 0 && _missed.Count == 0))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Sightings<int>.Deadline, "It waits no more.");
            await Task.Yield();
        }
    }

    private async Task CompleteAsync(Task writing)
    {
        _write.SetResult();
        await writing;
        Assert.Empty(_missed);
    }
}
