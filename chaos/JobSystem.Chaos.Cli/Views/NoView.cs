using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>Shows nothing: of a run that is one of many, only its report is looked at.</summary>
internal sealed class NoView : IRunView
{
    public void Tell(string happened)
    {
    }

    public void Start(Func<LiveSnapshot> snapshot)
    {
    }

    public void Conclude(RunReport report)
    {
    }

    public void Dispose()
    {
    }
}
