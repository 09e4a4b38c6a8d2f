using System.Text.Json;
using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Load.Comparisons;
using JobSystem.Terminal.Output;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>Shows how a comparison goes: a line a run, at a terminal with one below that says how far the run is; or
/// a JSON object each.</summary>
internal sealed class ComparisonView(Screen screen, bool json, ComparisonPlan plan) : IComparisonView, IDisposable
{
    private const int MaxFigures = 4;

    private readonly FootLine _foot = new(screen, !json);
    private string _now = "";

    /// <summary>What a person should know first.</summary>
    public void Tell(string text)
    {
        if (!json)
        {
            _foot.Add(Printable.FirstLine(text, 400));
        }
    }

    public void Begin(int round, BuiltProgram program)
    {
        _now = $"round {round} of {plan.Rounds}, {program.Name}";
        _foot.Show(_now);
    }

    public void Hear(string line)
    {
        try
        {
            using var said = JsonDocument.Parse(line);
            if (said.RootElement.TryGetProperty("event", out var word) && word.GetString() == "progress"
                && said.RootElement.TryGetProperty("seconds", out var seconds)
                && said.RootElement.TryGetProperty("finishedPerSecond", out var rate))
            {
                _foot.Show($"{_now}: {seconds.GetDouble():0} s, {CapacityReport.Per(rate.GetDouble())} finished");
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // another version may say it in another way
        }
    }

    public void End(ComparedRun run)
    {
        _foot.Show("");
        if (json)
        {
            _foot.Add(ComparisonJson.LineOf(run));
            return;
        }

        var figures = plan.Metrics.Where(metric => run.Values.ContainsKey(metric.Name)).Take(MaxFigures)
            .Select(metric => $"{metric.Title} {metric.Say(run.Values[metric.Name])}");
        _foot.Add(run.Counts
            ? $"round {run.Round,2}  {run.Program}  {string.Join(", ", figures)}"
            : $"round {run.Round,2}  {run.Program}  {ChaosExitCode.InWords(run.ExitCode)}: {run.Folder}");
    }

    public void EndRound(int round, IReadOnlyList<ComparedRun> runs)
    {
        if (json || round < 6 || round % 5 != 0 || round == plan.Rounds)
        {
            return;
        }

        var soFar = ComparisonReport.Of(plan, runs, false, default, default);
        _foot.Add($"          so far: {Printable.FirstLine(ComparisonText.Headline(soFar), 300)}");
    }

    /// <summary>The table, and the answer last.</summary>
    public void Conclude(ComparisonReport report, string page)
    {
        if (json)
        {
            _foot.Add(ComparisonJson.LineOf(report));
            return;
        }

        _foot.Add("");
        ComparisonText.Table(report).Write(screen);
        _foot.Add("");
        var colour = report.ExitCode switch
        {
            ChaosExitCode.Pass when ComparisonText.IsSure(report) => "1;32",
            ChaosExitCode.Broken => "1;31",
            _ => "1;33",
        };
        var word = ComparisonText.Word(report);
        _foot.Add($"  A {report.Plan.A.Path}");
        _foot.Add($"  B {report.Plan.B.Path}");
        _foot.Add($"  {ComparisonText.Remark(report)}");
        _foot.Add($"{(_foot.HasColours ? $"\e[{colour}m{word}\e[0m" : word)}  " +
            Printable.FirstLine(ComparisonText.Headline(report), 1000));
        _foot.Add($"  {report.Runs.Count} runs in {Of(report.Duration)}; {page}");
        _foot.Add($"  again: {Printable.FirstLine(report.Plan.Repeat, 1000)}");
    }

    public void Dispose() => _foot.Dispose();
}
