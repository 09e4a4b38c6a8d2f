using System.Globalization;
using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Measuring;

/// <summary>The form is what plotters of latency read, so it is held to their rules.</summary>
public sealed class HistogramTextTests
{
    [Fact]
    public void It_begins_with_the_head_and_ends_with_the_sums()
    {
        var lines = Lines(out _);

        Assert.Equal("       Value     Percentile TotalCount 1/(1-Percentile)", lines[0]);
        Assert.Equal("", lines[1]);
        Assert.StartsWith("#[Mean    =      500.", lines[^2]);
        Assert.StartsWith("#[Max     =     1000.000, Total count    =        10000]", lines[^1]);
    }

    [Fact]
    public void Values_percentiles_and_counts_only_grow_and_end_with_all()
    {
        var rows = Rows(Lines(out var histogram));

        Assert.True(rows.Count is > 20 and < 200, $"{rows.Count} lines");
        Assert.Equal(rows.OrderBy(row => row[0]), rows);
        Assert.Equal(rows.OrderBy(row => row[2]), rows);
        Assert.Equal([1, histogram.Count], rows[^1][1..]);
        foreach (var row in rows)
        {
            Assert.Equal(row[2] / histogram.Count, row[1], 9);
        }
    }

    [Fact]
    public void The_last_column_is_one_over_what_is_left()
    {
        var rows = Rows(Lines(out _)).Where(row => row.Length == 4).ToList();

        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.Equal(1 / (1 - row[1]), row[3], 0.01);
        }
    }

    [Fact]
    public void An_empty_one_has_no_rows() => Assert.Empty(
        Rows(HistogramText.Percentiles(new Histogram()).TrimEnd().Split('\n')));

    private static string[] Lines(out Histogram histogram)
    {
        histogram = new Histogram();
        for (var index = 1; index <= 10_000; index++)
        {
            histogram.Record(TimeSpan.FromMicroseconds(index * 100));
        }

        return HistogramText.Percentiles(histogram).TrimEnd().Split('\n');
    }

    private static List<double[]> Rows(string[] lines) =>
    [
        .. lines.Skip(2).Where(line => !line.StartsWith('#')).Select(line => line
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
    ];
}
