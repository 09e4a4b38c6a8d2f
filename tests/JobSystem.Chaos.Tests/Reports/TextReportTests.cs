using JobSystem.Chaos.Reports;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>What a person sees at the end, without a browser.</summary>
public sealed class TextReportTests
{
    [Fact]
    public void The_end_is_the_verdict_and_the_line_that_repeats_it()
    {
        var lines = TextReport.Lines(Samples.Passing()).ToList();

        Assert.StartsWith(
            "PASS  hand-made, seed 0x2A, 1 s. No confirmed job was lost: the only one is accounted for", lines[^2]);
        Assert.Equal("  again: chaos run hand-made.yaml --seed 0x2A", lines[^1]);
    }

    [Fact]
    public void The_equation_is_told_with_every_class()
    {
        var lines = TextReport.Lines(Samples.Everything()).ToList();

        Assert.Contains("  8 intended = 6 confirmed + 1 rejected + 1 unknown", lines);
        Assert.Contains("  6 confirmed = 2 finished + 1 dead-lettered + 1 destroyed + 1 stuck + 1 lost", lines);
    }

    [Fact]
    public void Latencies_are_a_row_a_measure_and_the_rates_a_line()
    {
        var lines = TextReport.Lines(new HandMade().Late(2, 1, 1).Confirmed(2.01, 1).Enqueued(3, 2)
            .Ran(3, 3.5, 1, "w").Ran(3, 3.2, 2, "w").Report(workload: Samples.Mixed)).ToList();

        Assert.Contains("  latency                           jobs  p50     p90     p99     p99.9   slowest", lines);
        Assert.Contains("  confirmed, from due               2     0 ms    1.01 s  1.01 s  1.01 s  1.01 s", lines);
        Assert.Contains("  delay, due to sent                2     0 ms    1 s     1 s     1 s     1 s", lines);
        Assert.Contains(lines, line => line.StartsWith("  finished: long, work exp(1000ms)  1  "));
        Assert.Contains(
            "  Offered 0.5/s for 2 s; in that time 0.5/s were confirmed and 0/s finished; the last job was finished " +
            "500 ms after the last was due.", lines);
    }

    [Fact]
    public void What_is_wrong_is_told_by_class_and_job()
    {
        var lines = TextReport.Lines(Samples.Everything()).ToList();

        Assert.Contains("  lost: job-2: confirmed, but not finished, not a dead letter and in no queue", lines);
        Assert.Contains("  doubt: A file is damaged.", lines);
        Assert.Contains("  fault 2, broker-kill on node 0: was not seen to take effect: it answers", lines);
        Assert.Contains("  MISSED   confirm p99: at most 250 ms; 300 ms", lines);
        Assert.StartsWith("FAIL", lines[^2]);
    }

    [Fact]
    public void Colours_are_only_for_a_terminal()
    {
        Assert.DoesNotContain(TextReport.Lines(Samples.Everything()), line => line.Contains('\e'));
        Assert.Contains("\e[1;31mFAIL\e[0m", string.Join('\n', TextReport.Lines(Samples.Everything(), colours: true)));
    }

    [Fact]
    public void Text_of_others_cannot_move_the_cursor()
    {
        var attacked = Samples.Attacked();
        var report = attacked with { RepeatLine = "\e[2J\rgone", Notes = ["one\e]0;title\a\ntwo"] };

        Assert.DoesNotContain(TextReport.Lines(report), line => line.Any(char.IsControl));
    }
}
