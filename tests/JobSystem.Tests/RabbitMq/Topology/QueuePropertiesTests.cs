using JobSystem.RabbitMq;
using JobSystem.RabbitMq.Topology;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Topology;

/// <summary>How a queue can lose jobs, and what cures it.</summary>
public sealed class QueuePropertiesTests
{
    private static readonly RabbitVersion _v310 = new(3, 10);
    private static readonly RabbitVersion _v43 = new(4, 3);

    [Fact]
    public void A_plain_durable_classic_queue_has_no_hazard() => Assert.Empty(HazardsOf(_v43, new()));

    [Fact]
    public void A_stream_is_no_queue_for_jobs() => Assert.Contains(
        "is a stream, not a queue",
        Assert.Single(HazardsOf(_v43, new() { ["x-queue-type"] = "stream" })),
        StringComparison.Ordinal);

    [Fact]
    public void A_queue_that_is_not_durable_loses_its_jobs_when_the_broker_stops() => Assert.Contains(
        "lost when the broker stops",
        Assert.Single(new QueueProperties(new("q", false, false, NoArguments()), _v43).Hazards()),
        StringComparison.Ordinal);

    [Fact]
    public void An_auto_delete_queue_goes_with_its_last_worker() => Assert.Contains(
        "last worker",
        Assert.Single(new QueueProperties(new("q", true, true, NoArguments()), _v43).Hazards()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(4, 3, null, false, 20)]
    [InlineData(4, 3, 3L, false, 3)]
    [InlineData(4, 3, -1L, false, null)]
    [InlineData(4, 3, null, true, null)]
    [InlineData(3, 10, null, false, null)]
    [InlineData(3, 10, 3L, false, 3)]
    [InlineData(3, 10, 3L, true, null)]
    public void A_delivery_limit_drops_where_there_are_no_dead_letters(
        int major, int minor, long? limit, bool deadLetters, int? dropsAfter)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        if (limit is not null)
        {
            arguments["x-delivery-limit"] = limit;
        }

        if (deadLetters)
        {
            arguments["x-dead-letter-exchange"] = "";
        }

        var hazards = HazardsOf(new(major, minor), arguments);

        Assert.Equal(
            dropsAfter is null ? [] : [$"delivery limit of {dropsAfter}"],
            hazards.Select(each => each[(each.IndexOf("delivery", StringComparison.Ordinal))..each.IndexOf(
                " and no", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_full_queue_that_drops_its_oldest_is_a_hazard_and_one_that_refuses_is_not()
    {
        Assert.Single(HazardsOf(_v310, new() { ["x-max-length"] = 5L }));
        Assert.Single(HazardsOf(_v310, new() { ["x-max-length-bytes"] = 5L, ["x-overflow"] = "drop-head" }));
        Assert.Empty(HazardsOf(_v310, new() { ["x-max-length"] = 5L, ["x-overflow"] = "reject-publish" }));
    }

    [Fact]
    public void Times_are_told_in_words()
    {
        var hazards = HazardsOf(_v310, new() { ["x-message-ttl"] = 90_000L, ["x-expires"] = 1000L });

        Assert.Contains(hazards, each => each.Contains("00:01:30", StringComparison.Ordinal));
        Assert.Contains(hazards, each => each.Contains("00:00:01", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    public void What_we_declare_ourselves_has_no_hazard_on_any_version(int major, int minor)
    {
        var version = new RabbitVersion(major, minor);

        foreach (var lane in Enum.GetValues<Lane>())
        {
            var plan = RabbitTopology.QueueOf("q", lane, version);
            Assert.Empty(new QueueProperties(plan, version).Hazards());
        }
    }

    [Fact]
    public void An_error_names_what_it_is_what_was_asked_and_the_three_ways_out()
    {
        var asked = RabbitTopology.QueueOf("hello", Lane.Work, _v43);
        var has = new QueuePlan(
            "hello", false, false, new Dictionary<string, object?> { ["x-max-length"] = 5L });

        var words = QueueWords.Otherwise(asked, has, "PRECONDITION_FAILED - inequivalent arg 'durable'.");

        Assert.Contains("queue 'hello'", words, StringComparison.Ordinal);
        Assert.Contains("a non-durable classic queue with ", words, StringComparison.Ordinal);
        Assert.Contains("x-max-length=5", words, StringComparison.Ordinal);
        Assert.Contains("asked was a durable quorum queue with ", words, StringComparison.Ordinal);
        Assert.Contains("no x-max-length", words, StringComparison.Ordinal);
        Assert.Contains("adopt it", words, StringComparison.Ordinal);
        Assert.Contains("another name", words, StringComparison.Ordinal);
        Assert.Contains("migrate", words, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', words);
    }

    private static Dictionary<string, object?> NoArguments() => [];

    private static IReadOnlyList<string> HazardsOf(
        RabbitVersion version, Dictionary<string, object?> arguments)
    {
        var hazards = new QueueProperties(new("q", true, false, arguments), version).Hazards();
        Assert.All(hazards, each => Assert.Contains("Cure: ", each, StringComparison.Ordinal));
        return hazards;
    }
}
