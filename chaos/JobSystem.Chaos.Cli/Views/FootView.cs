using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>A run that is one of many: how far it is stands in the foot line, and nothing else of it is told.</summary>
internal sealed class FootView(FootLine foot, string what, TimeProvider clock) : IRunView
{
    private SnapshotTimer? _timer;

    public void Tell(string happened)
    {
    }

    public void Start(Func<LiveSnapshot> snapshot) => _timer = new SnapshotTimer(
        clock, snapshot, (now, rates) => foot.Show($"{what}, {now.Elapsed:m\\:ss} {LiveText.Line(now, rates)}"));

    public void Conclude(RunReport report) => Dispose();

    public void Dispose() => _timer?.Dispose();
}
