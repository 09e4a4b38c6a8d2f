using System.Text;
using System.Text.Json;
using JobSystem.Chaos.Cli.Views;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Tests.Reports;
using JobSystem.Terminal.Output;
using JobSystem.TestKit;
using Xunit;

namespace JobSystem.Chaos.Tests.Views;

/// <summary>Each view at its own pace, on a clock that the test turns.</summary>
public sealed class RunViewTests : IDisposable
{
    private readonly VirtualTime _clock = new();
    private readonly MemoryStream _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void In_a_pipe_there_is_a_line_every_ten_seconds_and_one_for_what_happens()
    {
        using var view = new RunLines(Screen(isTerminal: false), _clock);
        view.Tell("worker-kill: worker-1.1");
        view.Start(Look);
        Pass(25);

        Assert.Equal(
        [
            "  0:00.000  worker-kill: worker-1.1",
            "  0:10.000  load 9 %: 1,200 due (120/s), 1,000 confirmed (100/s), 800 finished (80/s), backlog 200; " +
                "confirmed 2 ms / 9 ms, finished – (p50 / p99), sent 3 ms late; faults 1 of 5, workers 2 of 3 " +
                "ready, verdict open",
            "  0:20.000  load 18 %: 2,400 due (120/s), 2,000 confirmed (100/s), 1,600 finished (80/s), backlog 400; " +
                "confirmed 2 ms / 9 ms, finished – (p50 / p99), sent 3 ms late; faults 1 of 5, workers 2 of 3 " +
                "ready, verdict open",
        ], Lines());
    }

    [Fact]
    public void For_programs_every_line_is_an_object()
    {
        using var view = new RunJson(Screen(isTerminal: false), _clock);
        view.Tell("a \"quoted\" thing");
        view.Start(Look);
        Pass(4.4);
        view.Conclude(Samples.Everything());

        var events = Lines().Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["happened", "progress", "progress", "result"],
            events.Select(each => each.GetProperty("event").GetString()));
        Assert.Equal(200, events[1].GetProperty("confirmed").GetInt32());
        Assert.Equal(
            [240, 120, 0.018, 0.002, 0.009, 0.003],
            new[] { "due", "offeredPerSecond", "progress", "confirmP50", "confirmP99", "delay" }
                .Select(name => events[1].GetProperty(name).GetDouble()));
        Assert.Equal(JsonValueKind.Null, events[1].GetProperty("finishedP99").ValueKind);
        Assert.Equal("fail", events[3].GetProperty("verdict").GetString());
        Assert.Equal((1, 1), (events[3].GetProperty("exitCode").GetInt32(), events[3].GetProperty("lost").GetInt32()));
    }

    [Fact]
    public void At_a_terminal_the_lines_are_drawn_over_and_taken_away_at_the_end()
    {
        using var view = new RunLive(Screen(isTerminal: true), _clock);
        view.Start(Look);
        Pass(0.6);
        view.Tell("a fault");
        view.Conclude(Samples.Passing());

        var text = Text();
        var first = text.IndexOf("phase    load, 0:00 gone, 1:40 left  ░", StringComparison.Ordinal);
        var again = text.IndexOf("\e[6A\e[J\e[2m", StringComparison.Ordinal);
        var gone = text.LastIndexOf("\e[6A\e[J", StringComparison.Ordinal);
        Assert.True(0 <= first && first < again && again < gone, text);
        Assert.Contains("verdict  open", text);
        Assert.Contains("\e[1;32mPASS\e[0m", text[gone..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_the_end_nothing_more_is_asked_or_shown(bool json)
    {
        var asked = 0;
        using IRunView view = json
            ? new RunJson(Screen(isTerminal: false), _clock)
            : new RunLines(Screen(isTerminal: false), _clock);
        view.Start(() =>
        {
            asked++;
            return Look();
        });
        Pass(1);
        view.Conclude(Samples.Passing());
        var (before, lines) = (asked, Lines().Count);
        Pass(30);

        Assert.Equal((before, lines), (asked, Lines().Count));
        Assert.Equal(2, before);
    }

    [Fact]
    public void What_is_wrong_already_is_said_at_once()
    {
        var now = Look() with { Wrong = 1, FaultNow = "broker-kill on node 0", Unknown = 7 };
        var lines = LiveText.Lines(now, default, 200);

        Assert.Contains("verdict  1 job is wrong already", lines);
        Assert.Contains("faults   1 of 5, now broker-kill on node 0, next worker-kill in 3 s", lines);
        Assert.EndsWith("backlog 0, 7 unknown", lines[1]);
    }

    [Theory]
    [InlineData(0, "░░░░░░░░░░░░░░░░░░░░░░░░ 0 %")]
    [InlineData(0.5, "████████████░░░░░░░░░░░░ 50 %")]
    [InlineData(0.999, "███████████████████████░ 99 %")]
    [InlineData(1, "████████████████████████ 100 %")]
    public void The_bar_is_full_when_all_is_done(double progress, string bar) =>
        Assert.EndsWith(bar, LiveText.Lines(Look() with { Progress = progress }, default, 200)[0]);

    [Fact]
    public void A_line_is_never_wider_than_the_terminal() =>
        Assert.All(LiveText.Lines(Look(), default, 40), line => Assert.InRange(line.Length, 1, 40));

    [Fact]
    public void The_view_fits_the_reader()
    {
        Assert.IsType<RunJson>(RunView.For(Screen(isTerminal: true), json: true, _clock));
        Assert.IsType<RunLines>(RunView.For(Screen(isTerminal: false), json: false, _clock));
        using var live = Assert.IsType<RunLive>(RunView.For(Screen(isTerminal: true), json: false, _clock));
    }

    /// <summary>Of 120 a second a hundred are confirmed, eighty are finished.</summary>
    private LiveSnapshot Look() => new()
    {
        Phase = "load",
        Elapsed = _clock.Elapsed,
        Left = TimeSpan.FromSeconds(100),
        Progress = _clock.Elapsed.TotalSeconds * 0.009,
        Due = (long)(_clock.Elapsed.TotalSeconds * 120),
        Confirm = new LiveLatency(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(9)),
        Delay = TimeSpan.FromMilliseconds(3),
        Confirmed = (long)(_clock.Elapsed.TotalSeconds * 100),
        Finished = (long)(_clock.Elapsed.TotalSeconds * 80),
        Backlog = (long)(_clock.Elapsed.TotalSeconds * 20),
        FaultsDone = 1,
        FaultsPlanned = 5,
        FaultNext = "worker-kill",
        UntilNext = TimeSpan.FromSeconds(3),
        WorkersAlive = 2,
        Workers = 3,
    };

    private void Pass(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private Screen Screen(bool isTerminal)
    {
        var stream = new LineWriter(_output);
        return new Screen(stream, stream, isTerminal, isTerminal, Colours: isTerminal) { Program = "chaos" };
    }

    private string Text() => Encoding.UTF8.GetString(_output.ToArray());

    private List<string> Lines() => [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
