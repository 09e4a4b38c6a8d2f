using JobSystem.RabbitMq;
using JobSystem.RabbitMq.Topology;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Topology;

/// <summary>
/// Refusals of queue.declare as 3.10, 4.0 and 4.3 word them, and what they tell of a queue.
/// </summary>
public sealed class InequivalenceTests
{
    private const string Begin = "PRECONDITION_FAILED - inequivalent arg ";

    [Theory]
    [InlineData("'durable' for queue 'p' in vhost '/': received 'true' but current is 'false'", "durable",
        false)]
    [InlineData("'auto_delete' for queue 'p' in vhost '/': received 'false' but current is 'true'",
        "auto_delete", true)]
    [InlineData("'x-expires' for queue 'p' in vhost '/': received none but current is the value '60000' of " +
        "type 'signedint'", "x-expires", 60000L)]
    [InlineData("'x-dead-letter-exchange' for queue 'p' in vhost '/': received the value '' of type " +
        "'longstr' but current is none", "x-dead-letter-exchange", null)]
    [InlineData("'x-dead-letter-exchange' for queue 'p' in vhost '/': received '' but current is 'foo'",
        "x-dead-letter-exchange", "foo")]
    [InlineData("'x-queue-type' for queue 'p' in vhost '/': received 'quorum' but current is 'classic'",
        "x-queue-type", "classic")]
    [InlineData("'x-delivery-limit' for queue 'p' in vhost '/': received '-1' but current is '3'",
        "x-delivery-limit", 3L)]
    [InlineData("'x-single-active-consumer' for queue 'p' in vhost '/': received none but current is the " +
        "value 'true' of type 'bool'", "x-single-active-consumer", true)]
    [InlineData("'x-queue-mode' for queue 'it''s' in vhost 'a b': received none but current is the value " +
        "'lazy' of type 'longstr'", "x-queue-mode", "lazy")]
    [InlineData("'x-dead-letter-routing-key' for queue 'p' in vhost '/': received none but current is the " +
        "value '42' of type 'longstr'", "x-dead-letter-routing-key", "42")]
    public void A_refusal_tells_one_property(string sentence, string argument, object? current) =>
        Assert.Equal(new Inequivalence(argument, current), Inequivalence.Parse(Begin + sentence));

    [Theory]
    [InlineData("PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'p'")]
    [InlineData("PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'e' in vhost '/': received 'a'")]
    [InlineData("")]
    public void Another_sentence_tells_nothing(string sentence) => Assert.Null(Inequivalence.Parse(sentence));

    [Fact]
    public void Refusal_by_refusal_the_plan_becomes_the_queue()
    {
        var plan = RabbitTopology.QueueOf("p", Lane.Work, new RabbitVersion(4, 3));

        plan = new Inequivalence("durable", false).Adjust(plan);
        plan = new Inequivalence("x-dead-letter-exchange", null).Adjust(plan);
        plan = new Inequivalence("x-queue-type", "classic").Adjust(plan);
        plan = new Inequivalence("x-max-length", 5L).Adjust(plan);

        Assert.False(plan.Durable);
        Assert.False(plan.AutoDelete);
        Assert.DoesNotContain("x-dead-letter-exchange", plan.Arguments.Keys);
        Assert.Equal("classic", plan.Arguments["x-queue-type"]);
        Assert.Equal(5L, plan.Arguments["x-max-length"]);
    }
}
