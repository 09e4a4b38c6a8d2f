using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class StopSignalsTests
{
    private readonly HandClock _clock = new();
    private readonly List<string> _again = [];

    [Theory]
    [InlineData("SIGTERM", "SIGTERM", "SIGTERM")]
    [InlineData("SIGTERM", "SIGHUP", "SIGHUP")]
    [InlineData("SIGHUP", "SIGHUP", "SIGTERM")]
    [InlineData("SIGINT", "SIGINT", "SIGTERM")]
    public async Task Signals_that_come_together_are_one_request(string first, string second, string third)
    {
        using var signals = new StopSignals(_again.Add, _clock);

        signals.Hear(first);
        signals.Hear(second);
        _clock.Pass(StopSignals.OneRequest / 2);
        signals.Hear(third);

        Assert.Equal(first, await signals.First);
        Assert.Empty(_again);
    }

    [Fact]
    public void Each_signal_after_that_is_a_further_request()
    {
        using var signals = new StopSignals(_again.Add, _clock);

        signals.Hear("SIGINT");
        _clock.Pass(StopSignals.OneRequest);
        signals.Hear("SIGINT");
        signals.Hear("SIGTERM");

        Assert.Equal(["SIGINT", "SIGTERM"], _again);
    }

    /// <summary>Time passes when the test says so.</summary>
    private sealed class HandClock : TimeProvider
    {
        private TimeSpan _now;

        public void Pass(TimeSpan time) => _now += time;

        public override long GetTimestamp() => (long)(_now.TotalSeconds * TimestampFrequency);
    }
}
