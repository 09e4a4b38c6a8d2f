using JobSystem.RabbitMq;
using JobSystem.RabbitMq.Topology;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Topology;

/// <summary>What we declare, argument by argument: an argument that is wrong can lose jobs.</summary>
public sealed class RabbitTopologyTests
{
    private static readonly RabbitVersion _v310 = new(3, 10);
    private static readonly RabbitVersion _v40 = new(4, 0);

    [Fact]
    public void A_work_queue_loses_nothing_by_itself()
    {
        var plan = RabbitTopology.QueueOf("images", Lane.Work, _v40);

        Assert.Equal(("images", true, false), (plan.Name, plan.Durable, plan.AutoDelete));
        AssertArguments(plan, new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = -1,
            ["x-consumer-timeout"] = 2_073_600_000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = "images.dead",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        });
    }

    [Fact]
    public void On_3_10_minus_one_would_mean_no_delivery_so_the_limit_is_one_that_no_job_reaches()
    {
        var plan = RabbitTopology.QueueOf("images", Lane.Work, _v310);

        Assert.Equal(int.MaxValue, plan.Arguments["x-delivery-limit"]);
        Assert.DoesNotContain("x-consumer-timeout", plan.Arguments.Keys);
        Assert.Equal("at-least-once", plan.Arguments["x-dead-letter-strategy"]);
    }

    [Fact]
    public void Quarantined_jobs_go_to_the_same_dead_letters()
    {
        var plan = RabbitTopology.QueueOf("images", Lane.Quarantine, _v40);

        Assert.Equal("images.quarantine", plan.Name);
        Assert.Equal("images.dead", plan.Arguments["x-dead-letter-routing-key"]);
    }

    [Fact]
    public void Dead_letters_stay_for_ever()
    {
        var plan = RabbitTopology.QueueOf("images", Lane.Dead, _v40);

        Assert.Equal("images.dead", plan.Name);
        AssertArguments(plan, new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = -1,
            ["x-consumer-timeout"] = 2_073_600_000,
            ["x-overflow"] = "reject-publish",
        });
    }

    [Fact]
    public void A_classic_queue_has_only_what_a_classic_queue_knows() => AssertArguments(
        RabbitTopology.QueueOf("images", Lane.Work, _v40, QueueKind.Classic), new()
        {
            ["x-queue-type"] = "classic",
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = "images.dead",
            ["x-overflow"] = "reject-publish",
        });

    [Fact]
    public void A_step_gives_back_by_the_original_routing_key_and_at_least_once()
    {
        var plan = RabbitTopology.QueueOf(new DelayStep(8), _v40);

        Assert.Equal("jobs.delay.8s", plan.Name);
        AssertArguments(plan, new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = -1,
            ["x-message-ttl"] = 8000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        });
    }

    [Theory]
    [InlineData("a", Lane.Work)]
    [InlineData("a.dead", Lane.Dead)]
    [InlineData("a.quarantine", Lane.Quarantine)]
    [InlineData("a.dead.b", Lane.Work)]
    public void A_name_at_the_broker_tells_the_lane(string name, Lane lane)
    {
        var expected = RabbitTopology.QueueOf(lane == Lane.Work ? name : "a", lane, _v40);

        var plan = RabbitTopology.ExpectedOf(name, _v40);

        Assert.Equal(name, plan.Name);
        AssertArguments(plan, new(expected.Arguments));
    }

    [Fact]
    public void Only_a_quorum_queue_of_4_3_takes_the_consumers_timeout()
    {
        Assert.Empty(RabbitTopology.ConsumerArguments(_v40, "quorum"));
        Assert.Empty(RabbitTopology.ConsumerArguments(new(4, 3), "classic"));
        Assert.Empty(RabbitTopology.ConsumerArguments(new(4, 3), null));
        Assert.Single(RabbitTopology.ConsumerArguments(new(4, 3), "quorum"));
    }

    private static void AssertArguments(QueuePlan plan, Dictionary<string, object?> expected) => Assert.Equal(
        expected.OrderBy(each => each.Key, StringComparer.Ordinal),
        plan.Arguments.OrderBy(each => each.Key, StringComparer.Ordinal));
}
