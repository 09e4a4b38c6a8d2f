using System.Text;
using JobSystem.RabbitMq.Wire;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

public sealed class DeathHeadersTests
{
    [Theory]
    [InlineData("expired", FailureReason.Expired)]
    [InlineData("maxlen", FailureReason.Maxlen)]
    [InlineData("rejected", FailureReason.Rejected)]
    [InlineData("delivery_limit", FailureReason.DeliveryLimit)]
    public void The_brokers_reason_comes_with_its_queue_and_its_time(string word, FailureReason reason)
    {
        var failure = ReadDead(Death(word, "images"));

        Assert.Equal(
            (reason, "images", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
            (failure!.Reason, failure.Queue, failure.FailedAt));
    }

    [Fact]
    public void The_latest_counts_and_a_step_of_the_delay_ladder_never() => Assert.Equal(
        FailureReason.Maxlen,
        ReadDead(Death("expired", "jobs.delay.4s"), Death("maxlen", "images"), Death("rejected", "images"))!.Reason);

    [Fact]
    public void A_delay_alone_is_no_failure() => Assert.Null(ReadDead(Death("expired", "jobs.delay.4s")));

    [Fact]
    public void A_reason_that_nobody_knows_is_none() => Assert.Null(ReadDead(Death("bored", "images")));

    [Fact]
    public void What_is_no_list_of_deaths_is_none()
    {
        Assert.Null(DeathHeaders.FailureOf(null));
        Assert.Null(DeathHeaders.FailureOf("text"));
        Assert.Null(DeathHeaders.FailureOf(new List<object?> { 1, null, "x" }));
    }

    [Fact]
    public void A_job_that_is_to_run_has_not_failed()
    {
        var job = AmqpWire.NewReader().Read(Message(Death("expired", "retry-of-others")), default, out _);

        Assert.Null(job.Failure);
    }

    [Fact]
    public void Deaths_are_kept_newest_first_over_two_successors_without_the_steps_of_the_ladder()
    {
        var first = AmqpWire.NewReader().Read(
            Message(Death("expired", "q.delay.4s"), Death("rejected", "theirs")), default, out _);
        var sent = SentOn(first);
        sent["x-death"] = new List<object?> { Death("expired", "jobs.delay.1s"), Death("maxlen", "later") };

        var again = SentOn(AmqpWire.NewReader().Read(
            AmqpWire.Transmit(new BasicProperties { Headers = sent }), default, out _));

        Assert.DoesNotContain("x-death", again.Keys);
        var kept = Assert.IsType<List<object?>>(again["x-job-deaths"]);
        Assert.Equal(["later", "theirs"], kept
            .Cast<IDictionary<string, object?>>()
            .Select(death => Encoding.UTF8.GetString((byte[])death["queue"]!)));

        static Dictionary<string, object?> SentOn(Job job)
        {
            var writer = AmqpWire.NewWriter();
            Assert.Null(writer.Write(job));
            return new(AmqpWire.Transmit(writer.Properties).Headers!);
        }
    }

    [Fact]
    public void A_job_that_only_the_ladder_has_held_has_no_deaths() => Assert.Empty(
        AmqpWire.NewReader().Read(Message(Death("expired", "q.delay.4s")), default, out _).Headers);

    private static JobFailure? ReadDead(params Dictionary<string, object?>[] deaths) =>
        AmqpWire.NewReader(ofDeadLetters: true).Read(Message(deaths), default, out _).Failure;

    private static IReadOnlyBasicProperties Message(params Dictionary<string, object?>[] deaths) =>
        AmqpWire.Transmit(new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["x-death"] = deaths.Cast<object?>().ToList() },
        });

    private static Dictionary<string, object?> Death(string reason, string queue) => new()
    {
        ["reason"] = reason, ["queue"] = queue, ["count"] = 1L, ["exchange"] = "",
        ["time"] = new AmqpTimestamp(1_700_000_000),
    };
}
