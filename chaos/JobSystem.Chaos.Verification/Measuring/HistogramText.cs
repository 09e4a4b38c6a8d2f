using System.Globalization;
using static System.FormattableString;

namespace JobSystem.Chaos.Verification.Measuring;

/// <summary>
/// A histogram as text in the form that plotters of latency read (<c>.hgrm</c>): value in milliseconds, percentile,
/// how many up to it, and 1/(1-percentile). Denser towards the end: five lines for each halving of what is left. Pure.
/// </summary>
public static class HistogramText
{
    private const int LinesOfHalving = 5;

    /// <summary>Lines end with a line feed.</summary>
    public static string Percentiles(Histogram histogram)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        WritePercentiles(histogram, text);
        return text.ToString();
    }

    public static void WritePercentiles(Histogram histogram, TextWriter text)
    {
        text.WriteLine("       Value     Percentile TotalCount 1/(1-Percentile)");
        text.WriteLine();
        var level = 0.0;
        foreach (var step in histogram.Steps())
        {
            var reached = (double)step.Total / histogram.Count;
            if (step.Total == histogram.Count)
            {
                text.WriteLine(Invariant($"{Milliseconds(step.Value),12:0.000} {1.0:0.000000000000} {step.Total,10}"));
            }
            else if (reached >= level)
            {
                var left = 1 / (1 - reached);
                text.WriteLine(Invariant(
                    $"{Milliseconds(step.Value),12:0.000} {reached:0.000000000000} {step.Total,10} {left,14:0.00}"));
                level = Next(reached);
            }
        }

        text.WriteLine(Invariant(
            $"#[Mean    = {Milliseconds(histogram.Mean),12:0.000}, StdDeviation   = {Deviation(histogram),12:0.000}]"));
        text.WriteLine(Invariant(
            $"#[Max     = {Milliseconds(histogram.Max),12:0.000}, Total count    = {histogram.Count,12}]"));
    }

    /// <summary>The next level worth a line.</summary>
    private static double Next(double reached)
    {
        var halvings = Math.Floor(-Math.Log2(1 - reached)) + 1;
        return reached + 1 / (LinesOfHalving * Math.Pow(2, halvings));
    }

    private static double Deviation(Histogram histogram)
    {
        var mean = Milliseconds(histogram.Mean);
        var squares = histogram.Steps()
            .Sum(step => step.Count * Math.Pow((Milliseconds(step.Lowest) + Milliseconds(step.Value)) / 2 - mean, 2));
        return histogram.Count == 0 ? 0 : Math.Sqrt(squares / histogram.Count);
    }

    private static double Milliseconds(TimeSpan value) => value.TotalMilliseconds;
}
