using JobSystem.Cli.Brokers;
using JobSystem.Cli.Doctor;
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
        ]);

        Assert.Equal(
            [(Verdict.Wrong, "It is not durable."), (Verdict.Note, "5 jobs wait, and nobody works on them."),
                (Verdict.Note, "2 dead letters: 'jobs dead list --queue q'.")],
            findings.Select(finding => (finding.Verdict, finding.Text)));
    }

    [Fact]
    public void A_good_queue_is_called_good_and_one_that_is_not_there_wrong()
    {
        var good = new QueueInfo("q", "quorum", true, 0, 1, []);

        Assert.Equal(Verdict.Good, Assert.Single(Examination.Judge("q", [(Lane.Work, good)])).Verdict);
        Assert.Equal(Verdict.Wrong, Assert.Single(Examination.Judge("q", [])).Verdict);
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
