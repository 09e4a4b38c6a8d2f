using JobSystem.Terminal.Output;
using Microsoft.Extensions.Logging;
using Xunit;

namespace JobSystem.Tests.Terminal;

public sealed class RepeatsTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Repeats _repeats = new();

    [Fact]
    public void The_same_warning_again_is_held_back_for_a_while_and_counted()
    {
        Assert.NotNull(_repeats.Pass(Warning(0, "refused", delayMs: 10)));
        Assert.Null(_repeats.Pass(Warning(1, "refused", delayMs: 20)));
        Assert.Null(_repeats.Pass(Warning(4.9, "refused", delayMs: 30)));
        Assert.EndsWith("(And 2 like it since.)", _repeats.Pass(Warning(5, "refused", delayMs: 40))!.Message);
        Assert.Null(_repeats.Pass(Warning(6, "refused", delayMs: 50)));
        Assert.EndsWith("(And 1 like it since.)", _repeats.Pass(Warning(60, "refused", delayMs: 60))!.Message);
    }

    [Fact]
    public void What_differs_in_more_than_a_duration_is_no_repeat()
    {
        Assert.NotNull(_repeats.Pass(Warning(0, "refused", delayMs: 10)));
        Assert.NotNull(_repeats.Pass(Warning(0, "unknown host", delayMs: 10)));
        Assert.NotNull(_repeats.Pass(Warning(0, "refused", delayMs: 10) with { Event = new EventId(103) }));
    }

    [Fact]
    public void What_is_no_warning_is_always_written()
    {
        var line = Warning(0, "refused", delayMs: 10) with { Level = LogLevel.Information };

        Assert.All(Enumerable.Repeat(line, 3), each => Assert.Same(each, _repeats.Pass(each)));
    }

    private static LogEntry Warning(double second, string cause, int delayMs) => new(
        _start.AddSeconds(second), LogLevel.Warning, new EventId(102), $"No connection: {cause}", null,
        [new("Cause", cause), new("Delay", TimeSpan.FromMilliseconds(delayMs))]);
}
