using System.Text.Json;
using JobSystem.Chaos.Load.Comparisons;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Tests.Reports;
using Xunit;

namespace JobSystem.Chaos.Tests.Comparisons;

public sealed class ComparedMetricTests
{
    [Fact]
    public void Every_usual_one_is_read_from_a_report_as_it_is_written()
    {
        var report = Report();

        Assert.Equal(10 / 1.9, Read("rate", report)!.Value, 1e-3);
        Assert.Equal(report.Timeline.ToConfirm.ValueAt(50).TotalSeconds, Read("confirm.p50", report)!.Value, 1e-6);
        Assert.Equal(report.Timeline.EndToEnd.ValueAt(99).TotalSeconds, Read("finished.p99", report)!.Value, 1e-6);
        Assert.Equal(report.Timeline.EndToEnd.Max.TotalSeconds, Read("finished.max", report)!.Value, 1e-6);
        Assert.Equal(
            report.Timeline.SentToEnd.ValueAt(99).TotalSeconds, Read("finished-sent.p99", report)!.Value, 1e-6);
        Assert.Equal(300_000, Read("worker-cpu", report));
        Assert.Equal(61 * 1024 * 1024, Read("worker-memory", report));
        Assert.All(ComparedMetric.Usual.SkipLast(1), metric => Assert.NotNull(Read(metric.Name, report)));
    }

    [Fact]
    public void What_another_version_does_not_measure_is_missing()
    {
        using var json = JsonDocument.Parse("""{"tally":{"finished":3},"toConfirm":{"count":0,"percentiles":[]}}""");

        Assert.All(ComparedMetric.Usual, metric => Assert.Null(metric.Read(json.RootElement)));
    }

    [Theory]
    [InlineData("speed")]
    [InlineData("confirm")]
    [InlineData("confirm.p101")]
    [InlineData("")]
    public void Others_are_not_known(string name) => Assert.Null(ComparedMetric.Find(name));

    private static double? Read(string name, RunReport report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        using var json = JsonDocument.Parse(stream.ToArray());
        return ComparedMetric.Find(name)!.Read(json.RootElement);
    }

    /// <summary>Ten jobs, one each 200 ms, each done 100 ms later; three seconds of a processor.</summary>
    private static RunReport Report()
    {
        var history = new HandMade().Workers("worker-1.1").Sampled(0, "worker-1.1", 60).Sampled(2, "worker-1.1", 60, 4);
        for (var job = 0; job < 10; job++)
        {
            history.Intended(job * 0.2, job).Confirmed((job * 0.2) + 0.01, job)
                .Ran((job * 0.2) + 0.02, (job * 0.2) + 0.1, job, "worker-1.1");
        }

        return history.Report();
    }
}
