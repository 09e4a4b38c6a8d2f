using System.Globalization;
using System.Text.Json;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>
/// Runs both builds in turns, each run a process of its own with its own verdict, and reads their reports. One broker
/// of ours serves all runs of both. Ends before the last round: when a run breaks the promise or proves nothing, or
/// when told to stop; a round that is not whole is left out.
/// </summary>
/// <param name="plan">What.</param>
/// <param name="folder">Each run gets a folder in it.</param>
/// <param name="view">Told how it goes.</param>
/// <param name="clock">For durations.</param>
internal sealed class ComparisonRun(ComparisonPlan plan, string folder, IComparisonView view, TimeProvider clock)
{
    /// <summary>So that both builds find the same broker: they may be of two clones, and each has its own.</summary>
    private const string BrokersVariable = "JOBSYSTEM_BROKERS";

    private readonly List<ComparedRun> _runs = [];

    /// <exception cref="IOException">A build could not run it at all; the text has its words.</exception>
    public async Task<ComparisonReport> RunAsync(CancellationToken stop)
    {
        var (startedAt, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (Environment.GetEnvironmentVariable(BrokersVariable) is null)
        {
            Environment.SetEnvironmentVariable(BrokersVariable, Path.Combine(folder, "brokers"));
        }

        await using (await TargetHold.TakeAsync(plan.Target, folder, clock, stop))
        {
            for (var round = 1; round <= plan.Rounds && await RunAsync(round, stop); round++)
            {
                view.EndRound(round, _runs);
            }
        }

        return ComparisonReport.Of(
            plan, _runs, stop.IsCancellationRequested, startedAt, clock.GetElapsedTime(began));
    }

    /// <summary>False: it was the last round.</summary>
    private async Task<bool> RunAsync(int round, CancellationToken stop)
    {
        foreach (var program in plan.OrderOf(round))
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            var run = await RunAsync(round, program, stop);
            if (stop.IsCancellationRequested && run.ExitCode != ChaosExitCode.Broken)
            {
                return false; // it was cut short
            }

            _runs.Add(run);
            view.End(run);
            if (!run.Counts)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<ComparedRun> RunAsync(int round, BuiltProgram program, CancellationToken stop)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture, $"round-{round:00}-{program.Name.ToLowerInvariant()}");
        var place = Path.Combine(folder, name);
        var seed = plan.SeedOf(round).ToString(CultureInfo.InvariantCulture);
        view.Begin(round, program);
        await using var process = new FleetProcess(
            program.Name, name,
            program.ToStart(["load", .. plan.Load, "--seed", seed, "--out", place, "--json"]), view.Hear);
        await using var ending = stop.Register(() => process.Signal(Posix.SigTerm));
        var exitCode = await process.Exited;
        var report = Directory.Exists(place)
            ? Directory.EnumerateFiles(place, "report.json", SearchOption.AllDirectories).FirstOrDefault()
            : null;
        if (report is null && !stop.IsCancellationRequested)
        {
            throw new IOException(
                $"{program.Name} ({program.Path}) could not run it, exit code {exitCode}: {process.LastWords}");
        }

        return report is null
            ? new ComparedRun(round, program.Name, exitCode, place, new Dictionary<string, double>())
            : Read(round, program, exitCode, report);
    }

    private ComparedRun Read(int round, BuiltProgram program, int exitCode, string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(report));
        var values = plan.Metrics.Select(metric => (metric.Name, Value: metric.Read(json.RootElement)))
            .Where(each => each.Value is not null)
            .ToDictionary(each => each.Name, each => each.Value!.Value, StringComparer.Ordinal);
        return new ComparedRun(
            round, program.Name, exitCode, Path.GetDirectoryName(report)!, values,
            (Text("target"), Text("machine")));

        string Text(string name) =>
            json.RootElement.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
    }
}
