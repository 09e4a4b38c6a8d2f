using JobSystem.Cli.Doctor;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class ExaminationTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_queue_that_can_lose_jobs_is_wrong_and_one_that_waits_alone_is_noted()
    {
        var findings = Examination.Judge("q",
        [
            (Lane.Work, new QueueInfo("q", "classic", false, 5, 0, ["It is not durable."])),
            (Lane.Dead, new QueueInfo("q.dead", "quorum", true, 2, 0, [])),
        ], QueueSurvey.None);

        Assert.Equal(
            [(Verdict.Wrong, "It is not durable."), (Verdict.Note, "5 jobs wait, and nobody works on them."),
                (Verdict.Note, "2 dead letters: 'jobs dead list --queue q'.")],
            findings.Select(finding => (finding.Verdict, finding.Text)));
    }

    [Fact]
    public void A_good_queue_is_called_good_and_one_that_is_not_there_wrong()
    {
        var good = new QueueInfo("q", "quorum", true, 0, 1, []);

        Assert.Equal(Verdict.Good, VerdictOf([(Lane.Work, good)]));
        Assert.Equal(Verdict.Wrong, VerdictOf([]));

        static Verdict VerdictOf(IReadOnlyList<(Lane Lane, QueueInfo Info)> lanes) =>
            Assert.Single(Examination.Judge("q", lanes, QueueSurvey.None)).Verdict;
    }

    [Fact]
    public void A_queue_whose_policies_were_not_seen_is_not_called_one_that_loses_no_job()
    {
        var unseen = new QueueSurvey([], "No management API at http://localhost:15672/.");

        var finding = Assert.Single(Examination.Judge(
            "q", [(Lane.Work, new QueueInfo("q", "quorum", true, 0, 1, []))], unseen));

        Assert.Equal(Verdict.Note, finding.Verdict);
        Assert.Contains("was not seen: No management API", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QueueTroubleKind.Loss, true)]
    [InlineData(QueueTroubleKind.Blocked, true)]
    [InlineData(QueueTroubleKind.Notice, false)]
    public void What_was_seen_beside_the_protocol_is_told_of_its_queue_alone(QueueTroubleKind kind, bool isWrong)
    {
        var survey = new QueueSurvey(
            [new("q", "q.dead", kind, "Look here."), new("other", "other", kind, "Not here.")], null);

        var finding = Assert.Single(Examination.Judge(
            "q", [(Lane.Work, new QueueInfo("q", "quorum", true, 0, 1, []))], survey));

        Assert.Equal(new Finding("q.dead", isWrong ? Verdict.Wrong : Verdict.Note, "Look here."), finding);
    }

    [Fact]
    public void A_queue_that_is_full_by_its_own_arguments_is_wrong()
    {
        var full = new QueueInfo("q", "quorum", true, 3, 1, []) { Full = "It takes no more." };

        var findings = Examination.Judge("q", [(Lane.Work, full)], QueueSurvey.None);

        Assert.Contains(new Finding("q", Verdict.Wrong, "It takes no more."), findings);
    }

    [Fact]
    public async Task A_broker_is_tried_with_jobs_and_left_as_it_was()
    {
        using var broker = new InMemoryBroker();
        await using var session = await OpenAsync(broker);

        var findings = await new Examination(session, session, TimeProvider.System, new Random(1))
            .RunAsync(TimeSpan.Zero, []).WaitAsync(_deadline);

        Assert.All(findings, finding => Assert.Equal(Verdict.Good, finding.Verdict));
        Assert.Equal(["connect", "largest job", "publish", "round trip"], findings.Select(finding => finding.Check));
        Assert.Empty(broker.QueueNames);
    }

    [Fact]
    public async Task A_broker_that_refuses_jobs_is_wrong()
    {
        using var broker = new InMemoryBroker();
        broker.RejectPublishes(1, "no room");
        await using var session = await OpenAsync(broker);

        var findings = await new Examination(session, session, TimeProvider.System, new Random(1))
            .RunAsync(TimeSpan.Zero, []).WaitAsync(_deadline);

        Assert.Contains(findings, finding => finding.Verdict == Verdict.Wrong && finding.Text.Contains("no room"));
        Assert.Empty(broker.QueueNames);
    }

    private static Task<BrokerSession> OpenAsync(InMemoryBroker broker) => BrokerSession.OpenAsync(
        new BrokerAddress.Memory(broker), null, NullLoggerFactory.Instance, TimeProvider.System);
}
