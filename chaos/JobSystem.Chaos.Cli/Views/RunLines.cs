using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>Lines, for a pipe or a log: what happened, and every ten seconds how far the run is.</summary>
internal sealed class RunLines(Screen screen, TimeProvider clock) : IRunView
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(10);

    private readonly long _startedAt = clock.GetTimestamp();
    private SnapshotTimer? _timer;
    private TimeSpan _told;

    public void Tell(string happened) =>
        screen.Out.WriteLine($"{At(clock.GetElapsedTime(_startedAt)),10}  {Printable.FirstLine(happened, 400)}");

    public void Start(Func<LiveSnapshot> snapshot)
    {
        _told = clock.GetElapsedTime(_startedAt);
        _timer = new SnapshotTimer(clock, snapshot, Show);
    }

    public void Conclude(RunReport report)
    {
        Dispose();
        TextReport.Write(report, screen);
    }

    public void Dispose() => _timer?.Dispose();

    private void Show(LiveSnapshot now, Rates rates)
    {
        var elapsed = clock.GetElapsedTime(_startedAt);
        if (elapsed - _told >= _period)
        {
            _told = elapsed;
            Tell(LiveText.Line(now, rates));
        }
    }
}
