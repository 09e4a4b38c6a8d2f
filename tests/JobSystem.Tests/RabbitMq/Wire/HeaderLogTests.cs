using JobSystem.RabbitMq.Wire;
using JobSystem.TestKit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

/// <summary>A sender's mistake is logged, and never floods the log.</summary>
public sealed class HeaderLogTests : ILogger
{
    private readonly VirtualTime _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void The_same_header_is_logged_once_a_minute_and_says_how_often_it_was_left_out()
    {
        var listener = new HeaderLog(this, _clock);

        for (var times = 0; times < 1000; times++)
        {
            listener.Ignored("x-job-epoch", "it is not a number");
        }

        Assert.Contains("'x-job-epoch'", Assert.Single(_lines), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(1));
        listener.Ignored("x-job-epoch", "it is not a number");
        Assert.Equal(2, _lines.Count);
        Assert.Contains("999", _lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Made_up_names_are_bounded_in_number_and_length()
    {
        var listener = new HeaderLog(this, _clock);

        for (var name = 0; name < 1000; name++)
        {
            listener.Ignored(name + new string('x', 10_000), "it makes no sense");
        }

        Assert.Equal(32, _lines.Count);
        Assert.All(_lines, line => Assert.InRange(line.Length, 1, 400));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => _lines.Add(formatter(state, exception));
}
