using System.Text;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>
/// A few lines at the foot of a terminal, drawn over again twice a second; what happened scrolls above them.
/// Ends: when disposed of; the lines are taken away.
/// </summary>
internal sealed class RunLive(Screen screen, TimeProvider clock) : IRunView
{
    private const int NarrowestTerminal = 40;

    private readonly Lock _gate = new();
    private readonly long _startedAt = clock.GetTimestamp();
    private SnapshotTimer? _timer;
    private IReadOnlyList<string> _lines = [];
    private int _drawn;

    public void Tell(string happened)
    {
        lock (_gate)
        {
            Draw($"\e[2m{At(clock.GetElapsedTime(_startedAt)),10}\e[0m  {Printable.FirstLine(happened, 400)}\n");
        }
    }

    public void Start(Func<LiveSnapshot> snapshot) => _timer = new SnapshotTimer(clock, snapshot, Show);

    public void Conclude(RunReport report)
    {
        Dispose();
        TextReport.Write(report, screen);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _lines = [];
            Draw("");
        }
    }

    private void Show(LiveSnapshot now, Rates rates)
    {
        lock (_gate)
        {
            _lines = LiveText.Lines(now, rates, Width());
            Draw("");
        }
    }

    /// <summary>Goes back over what was drawn, writes what is to stay, and draws again below it.</summary>
    private void Draw(string staying)
    {
        var text = new StringBuilder(_drawn > 0 ? $"\e[{_drawn}A\e[J" : "").Append(staying);
        foreach (var line in _lines)
        {
            text.Append("\e[36m│\e[0m ").Append(line).Append('\n');
        }

        _drawn = _lines.Count;
        screen.Out.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A line that breaks would be counted as one and leave its rest behind.</summary>
    private static int Width() => Math.Max(NarrowestTerminal, Console.WindowWidth) - 3;
}
