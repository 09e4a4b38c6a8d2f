using System.Security.Cryptography;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Runs;

/// <summary>From an experiment to its report, in a folder of its own.</summary>
internal static class ExperimentRunner
{
    /// <summary>The page of a run, in its folder.</summary>
    public const string Page = "report.html";

    /// <exception cref="TargetException">The broker cannot run here.</exception>
    public static async Task<RunReport> RunAsync(
        Experiment experiment, int seed, RunFolder folder, string repeat, IRunView view, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        await using var target = TargetCatalog.Create(experiment.Target, folder.Path, clock);
        experiment = RunQueues.Named(experiment, target, folder.SpaceName());
        var facts = new RunFacts
        {
            // The target may be a URI with a password: the folder is for everybody to read.
            Experiment = experiment with { Target = Secrets.Hide(experiment.Target) },
            Seed = seed, StartedAt = clock.GetUtcNow(), Repeat = repeat,
            Run = RandomNumberGenerator.GetHexString(8, lowercase: true),
        };
        CheckPowers(experiment, seed, target);
        using (var run = new ExperimentRun(facts, folder, target, view, clock))
        {
            await run.RunAsync(stop);
        }

        var report = RunChecker.Judge(folder);
        Write(report, folder);
        return report;
    }

    /// <summary>Everything a person or a machine may read of a run, into its folder.</summary>
    public static void Write(RunReport report, RunFolder folder)
    {
        WholeFile.Write(folder.File(Page), html => HtmlReport.Write(report, html));
        WholeFile.Write(folder.File("report.json"), json => JsonReport.Write(report, json));
        WholeFile.Write(folder.File("junit.xml"), junit => JunitReport.Write([report], junit));
        foreach (var (measure, histogram) in LatencyMeasure.All.Select(each => (each, report.Timeline.Of(each.Name))))
        {
            if (histogram.Count > 0)
            {
                WholeFile.Write(folder.File($"{measure.Name}.hgrm"), file =>
                {
                    using var text = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" };
                    HistogramText.WritePercentiles(histogram, text);
                });
            }
        }
    }

    private static void CheckPowers(Experiment experiment, int seed, ITarget target)
    {
        var beyond = Schedule.Of(experiment, seed)
            .Select(each => each.Kind)
            .Where(kind => !kind.CanHit(target))
            .Select(kind => kind.Name)
            .Distinct()
            .ToList();
        if (beyond.Count > 0)
        {
            throw new TargetException($"The target '{target.Name}' cannot be hit by {string.Join(", ", beyond)}: " +
                "choose another with --target.");
        }
    }
}
