using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>Shows how the search goes: a line a step, at a terminal with one below that says how far the step is; or a
/// JSON object each.</summary>
internal sealed class CapacityView(Screen screen, bool json, TimeProvider clock) : ICapacityView, IDisposable
{
    private const int WidestReason = 100;

    private readonly FootLine _foot = new(screen, !json);

    /// <summary>What a person should know first.</summary>
    public void Tell(string text)
    {
        if (!json)
        {
            _foot.Add(Printable.FirstLine(text, 400));
        }
    }

    public IRunView Begin(int number, double rate)
    {
        var what = $"step {number}: {CapacityReport.Per(rate)}";
        _foot.Show(what);
        return new FootView(_foot, what, clock);
    }

    public void End(CapacityStep step)
    {
        _foot.Show("");
        _foot.Add(json ? CapacityJson.LineOf(step) : Line(step));
    }

    /// <summary>The table, and the answer last.</summary>
    public void Conclude(CapacityReport report, string page)
    {
        if (json)
        {
            _foot.Add(CapacityJson.LineOf(report));
            return;
        }

        _foot.Add("");
        CapacityText.Table(report).Write(screen);
        _foot.Add("");
        foreach (var line in CapacityText.Conclusion(report, page, _foot.HasColours))
        {
            _foot.Add(line);
        }
    }

    public void Dispose() => _foot.Dispose();

    private string Line(CapacityStep step)
    {
        var verdict = step.IsKept ? "ok" : Printable.FirstLine($"FAILED  {step.Reasons[0]}", WidestReason);
        var colour = step.IsKept ? "32" : "31";
        return $"step {step.Number,2}  {CapacityReport.Per(step.Rate),11}  " +
            $"finished p99 {Of(step.Report.Timeline.EndToEnd.ValueAt(99)),8}  " +
            (_foot.HasColours ? $"\e[{colour}m{verdict}\e[0m" : verdict);
    }
}
