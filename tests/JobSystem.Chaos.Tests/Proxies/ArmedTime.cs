// A clock that is turned by hand, and says when somebody has set a timer on it.
using JobSystem.TestKit;
using Xunit;

namespace JobSystem.Chaos.Tests.Proxies;

internal sealed class ArmedTime : TimeProvider, IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly SemaphoreSlim _armed = new(0);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        _armed.Release();
        return timer;
    }

    /// <summary>One more timer has been set.</summary>
    public async Task ArmedAsync() => Assert.True(await _armed.WaitAsync(ProxyBench.Patience), "Nobody set a timer.");

    public void Advance(TimeSpan by) => _time.Advance(by);

    public void Dispose() => _armed.Dispose();
}
