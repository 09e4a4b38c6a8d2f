using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary>One run of an experiment in a new folder, shown while it goes on: alike for every verb that runs one.
/// </summary>
internal static class Launch
{
    public static Option<string?> Out { get; } = Options.Text("--out",
        "Folder for the folders of the runs. Default: chaos-runs.", "DIR");

    public static Option<string?> Junit { get; } = Options.Text("--junit",
        "Write all results as JUnit XML.", "FILE");

    public static Option<bool> Json { get; } = Options.Flag("--json", "Print JSON objects, one per line.");

    /// <param name="parsed">Has the options above.</param>
    /// <param name="experiment">What.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    /// <param name="line">What a user would write behind <c>chaos</c> to have the same again, but for the seed.</param>
    /// <param name="stop">Ends the load; the run is judged all the same.</param>
    /// <returns>Its report, and the folder it is in.</returns>
    public static async Task<(RunReport Report, string Folder)> RunAsync(
        ParseResult parsed, Experiment experiment, int seed, string line, CancellationToken stop)
    {
        var folder = RunFolder.Create(FreeFolder(parsed, $"{experiment.Name}-{seed}"));
        using var view = Views.RunView.For(ChaosVerbs.Screen, parsed.GetValue(Json), TimeProvider.System);
        view.Tell($"{experiment.Name} on {Secrets.Hide(experiment.Target)}, seed {seed}, folder {folder.Path}");
        var report = await ExperimentRunner.RunAsync(
            experiment, seed, folder, $"chaos {line} --seed {seed}", view, stop);
        view.Conclude(report);
        if (!parsed.GetValue(Json))
        {
            ChaosVerbs.Screen.Out.WriteLine($"  report: {folder.File(ExperimentRunner.Page)}");
        }

        return (report, folder.Path);
    }

    /// <summary>A page that leads to the reports of all runs of one command, in the folder that has theirs.</summary>
    public static void WriteIndex(
        ParseResult parsed, IReadOnlyList<(RunReport Report, string Folder)> runs, string repeat)
    {
        var page = FreePath(parsed, $"runs-{runs[0].Report.Seed}", ".html");
        var beside = Path.GetFullPath(Path.GetDirectoryName(page)!);
        var links = runs.Select(run => (
            run.Report, PageFrame.LinkTo(beside, Path.Combine(run.Folder, ExperimentRunner.Page)))).ToList();
        WholeFile.Write(page, html => RunsHtml.Write(links, repeat, html));
        if (!parsed.GetValue(Json))
        {
            ChaosVerbs.Screen.Out.WriteLine($"{RunsHtml.Headline([.. runs.Select(run => run.Report)])}");
            ChaosVerbs.Screen.Out.WriteLine($"  all reports: {Path.GetFullPath(page)}");
        }
    }

    public static void WriteJunit(ParseResult parsed, IReadOnlyList<RunReport> reports)
    {
        if (parsed.GetValue(Junit) is { } file)
        {
            WholeFile.Write(file, stream => JunitReport.Write(reports, stream));
        }
    }

    /// <summary>What is told of many runs together: NAME.html, NAME.json and junit.xml in their folder, and the
    /// JUnit file that was asked for.</summary>
    public static void Write(
        ParseResult parsed, string folder, string name, Action<Stream> html, Action<Stream> json,
        Action<Stream> junit)
    {
        WholeFile.Write(Path.Combine(folder, $"{name}.html"), html);
        WholeFile.Write(Path.Combine(folder, $"{name}.json"), json);
        WholeFile.Write(Path.Combine(folder, "junit.xml"), junit);
        if (parsed.GetValue(Junit) is { } file)
        {
            WholeFile.Write(file, junit);
        }
    }

    /// <summary>A path below what was asked for where nothing is yet.</summary>
    public static string FreeFolder(ParseResult parsed, string name) => FreePath(parsed, name, "");

    private static string FreePath(ParseResult parsed, string name, string extension)
    {
        var root = parsed.GetValue(Out) ?? "chaos-runs";
        var path = Path.Combine(root, name + extension);
        for (var number = 2; Path.Exists(path); number++)
        {
            path = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}{extension}"));
        }

        return path;
    }
}
