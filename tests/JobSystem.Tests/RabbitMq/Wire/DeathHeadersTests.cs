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
