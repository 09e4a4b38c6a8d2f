using JobSystem.Chaos.Cli.Verbs;
using JobSystem.Chaos.Tests.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Verbs;

public sealed class ShowVerbTests
{
    private static readonly IReadOnlyList<HistoryEntry> _history = new HandMade()
        .Workers("worker-1.1").Enqueued(0.5, 1).Enqueued(0.6, 12).Ran(1, 1.5, 1, "worker-1.1").Entries;

    [Fact]
    public void The_life_of_one_job_is_told_and_that_of_no_other()
    {
        var lines = ShowVerb.Lines(_history, "job-1").ToList();

        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.Contains("job-1: ", line, StringComparison.Ordinal));
        Assert.EndsWith("did the work in run 1.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_runs_part_of_an_id_may_be_left_out()
    {
        var history = new HandMade()
            .At(0, new HistoryEvent.EnqueueConfirmed(new JobId("producer-1.1-000001@3f09ac21"))).Entries;

        Assert.Single(ShowVerb.Lines(history, "producer-1.1-000001"));
        Assert.Empty(ShowVerb.Lines(history, "producer-1.1-00000"));
    }

    [Fact]
    public void Without_a_job_everything_is_told() => Assert.Equal(
        _history.Count, ShowVerb.Lines(_history, null).Count());
}
