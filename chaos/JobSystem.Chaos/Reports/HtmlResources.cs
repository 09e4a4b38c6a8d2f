using System.Globalization;
using static JobSystem.Chaos.Reports.StageText;

namespace JobSystem.Chaos.Reports;

/// <summary>What every process used over time, as a part of the report's page. Bounded, pure.</summary>
internal static class HtmlResources
{
    /// <summary>More lines than that nobody can tell apart; the JSON report has them all.</summary>
    private const int MaxProcesses = 16;

    private const double MegaByte = 1024 * 1024;

    private static readonly string[] _colours =
        ["blue", "orange", "green", "purple", "teal", "pink", "olive", "red"];

    /// <summary>Nothing where nothing was looked at.</summary>
    public static void Write(HtmlWriter page, RunReport report)
    {
        var used = report.Resources;
        if (used.Processes.Count == 0)
        {
            return;
        }

        page.Add($"<section id=\"resources\"><h2>Resources</h2>\n");
        page.Add($"<p class=\"soft small\">{ResourceText.Sentence(report)}. Memory is resident memory. ");
        page.Add($"{RestartsOf(used)}</p>\n");
        var processes = used.Processes.Where(process => process.Samples.Count > 1).Take(MaxProcesses).ToList();
        Plot(page, "memory", processes, sample => sample.Memory / MegaByte, MegaBytes, report);
        PlotCpu(page, processes, report);
        Plot(page, "open handles", processes, sample => sample.Handles, Whole, report);
        Plot(page, "threads", processes, sample => sample.Threads, Whole, report);
        if (used.Broker.Count > 1)
        {
            PlotBroker(page, used.Broker, report);
        }

        page.Add($"</section>\n");
    }

    private static string RestartsOf(Resources used) => used.Restarts.Count == 0
        ? "No process ended by itself."
        : "Started because the process before ended by itself: " +
            $"{string.Join(", ", used.Restarts.Take(20).Select(each => $"{each.Life} ({At(each.At)})"))}.";

    private static void Plot(
        HtmlWriter page, string title, IReadOnlyList<ProcessUse> processes, Func<ProcessSample, double> of,
        Func<double, string> say, RunReport report) => Draw(
        page, title, say, report,
        processes.Select(process => (
            process.Life,
            JsonResources.Thinned(process.Samples).Select(sample => (sample.At.TotalSeconds, of(sample))))));

    /// <summary>Between each two looks.</summary>
    private static void PlotCpu(HtmlWriter page, IReadOnlyList<ProcessUse> processes, RunReport report) => Draw(
        page, "CPUs in use", Number, report,
        processes.Select(process => (process.Life, JsonResources.Thinned(process.Samples) is var samples
            ? samples.Zip(samples.Skip(1))
                .Where(pair => pair.Second.At - pair.First.At > TimeSpan.FromMilliseconds(200))
                .Select(pair => (
                    pair.Second.At.TotalSeconds,
                    (pair.Second.Cpu - pair.First.Cpu) / (pair.Second.At - pair.First.At)))
            : [])));

    private static void PlotBroker(HtmlWriter page, IReadOnlyList<BrokerSample> broker, RunReport report)
    {
        var samples = JsonResources.Thinned(broker);
        Draw(page, "the broker's memory", MegaBytes, report,
            [("memory", samples.Select(sample => (sample.At.TotalSeconds, sample.Memory / MegaByte)))]);
        Draw(page, "the broker's connections and channels", Whole, report,
        [
            ("connections", samples.Select(sample => (sample.At.TotalSeconds, (double)sample.Connections))),
            ("channels", samples.Select(sample => (sample.At.TotalSeconds, (double)sample.Channels))),
        ]);
    }

    private static void Draw(
        HtmlWriter page, string title, Func<double, string> say, RunReport report,
        IEnumerable<(string Name, IEnumerable<(double X, double Y)> Points)> lines)
    {
        var end = Math.Max(1, report.Timeline.End.TotalSeconds);
        var (unit, seconds) = end switch { > 7200 => ("h", 3600), > 120 => ("min", 60), _ => ("s", 1) };
        var series = lines.Select((line, index) => new ChartSeries(
            line.Name, _colours[index % _colours.Length],
            [.. line.Points.Select(point => new ChartPoint(point.X / seconds, point.Y))], HasMarks: false)).ToList();
        new SvgChart
        {
            Title = title,
            X = new ChartAxis(0, end / seconds, false, time => $"{Number(time)} {unit}"),
            Y = ChartAxis.Around(
                series.SelectMany(each => each.Points).Select(point => point.Y), false, say, withZero: true),
            Series = series,
            Height = 190,
        }.Write(page);
    }

    private static string MegaBytes(double number) => $"{Number(number)} MB";

    private static string Whole(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
