using System.Text.Json;
using JobSystem.RabbitMq.Management;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Management;

/// <summary>Answers of RabbitMQ 3.10.8 and 4.3.6, shortened to the queue that is meant.</summary>
public sealed class ManagementWatchTests
{
    private const string OfNewQueue310 = """
        {"arguments":{"x-queue-type":"quorum"},"name":"q","type":"quorum"}
        """;

    private const string OfFullQueue43 = """
        {"arguments":{"x-dead-letter-exchange":"","x-dead-letter-routing-key":"q.dead",
         "x-dead-letter-strategy":"at-least-once","x-delivery-limit":-1,"x-overflow":"reject-publish",
         "x-queue-type":"quorum"},"effective_policy_definition":{"max-length":1,"overflow":"reject-publish"},
         "message_bytes_ready":18,"messages_dlx":0,"messages_ready":9,"name":"q","operator_policy":null,
         "policy":"tidy"}
        """;

    private const string OfStep43 = """
        {"arguments":{"x-dead-letter-exchange":"","x-dead-letter-strategy":"at-least-once","x-delivery-limit":-1,
         "x-message-ttl":4000,"x-overflow":"reject-publish","x-queue-type":"quorum"},
         "effective_policy_definition":{},"message_bytes_ready":0,"messages_dlx":51,"messages_ready":0,
         "name":"q.delay.4s","operator_policy":null,"policy":null}
        """;

    private static readonly string _safe43 = OfFullQueue43.Replace("\"max-length\":1,", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"max-length":2}""", "limits it to 2 messages")]
    [InlineData("""{"max-length-bytes":1000000}""", "limits it to 1000000 bytes")]
    [InlineData("""{"message-ttl":60000}""", "longer than 00:01:00")]
    [InlineData("""{"expires":600000}""", "nobody consumes it for 00:10:00")]
    [InlineData("""{"delivery-limit":3}""", "limits deliveries to 3")]
    public void A_policy_that_drops_jobs_is_named_with_queue_loss_and_cure(string definition, string loss)
    {
        var trouble = Assert.Single(Look($$"""
            {"arguments":{"x-delivery-limit":2147483647,"x-queue-type":"quorum"},
             "effective_policy_definition":{{definition}},"messages_dlx":0,"messages_ready":0,"name":"q.dead",
             "operator_policy":null,"policy":"tidy"}
            """).Troubles);

        Assert.Equal(("q", "q.dead", QueueTroubleKind.Loss), (trouble.WorkQueue, trouble.Queue, trouble.Kind));
        Assert.Contains("'tidy'", trouble.Text, StringComparison.Ordinal);
        Assert.Contains(loss, trouble.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: ", trouble.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_of_a_queue_that_outrank_a_policy_make_it_no_hazard() => Assert.Empty(Look("""
        {"arguments":{"x-overflow":"reject-publish","x-delivery-limit":-1,"x-queue-type":"quorum"},
         "effective_policy_definition":{"max-length":2,"delivery-limit":3},"messages_dlx":0,"messages_ready":0,
         "name":"q.dead","operator_policy":null,"policy":"tidy"}
        """).Troubles);

    [Fact]
    public void Policies_that_a_broker_does_not_tell_just_after_its_start_are_not_taken_for_none()
    {
        var survey = Look(OfNewQueue310);

        Assert.Empty(survey.Troubles);
        Assert.Contains("has not told the policies of 'q' yet", survey.NotSeen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_that_holds_up_its_delayed_jobs_is_named_with_their_number_the_reason_and_the_cure()
    {
        var trouble = Assert.Single(Look(OfFullQueue43, OfStep43).Troubles);

        Assert.Equal(("q", QueueTroubleKind.Blocked), (trouble.Queue, trouble.Kind));
        Assert.Equal(
            "51 delayed jobs and retries wait past their time in 'q.delay.*' and have not moved to 'q': it takes no " +
            "more: the policy 'tidy' limits it to 1 messages, and it has 9. Cure: more workers for it, or a higher " +
            "limit.", trouble.Text);
    }

    [Fact]
    public void A_queue_that_was_deleted_holds_up_its_delayed_jobs_too()
    {
        var trouble = Assert.Single(Look(OfStep43).Troubles);

        Assert.Equal(QueueTroubleKind.Blocked, trouble.Kind);
        Assert.Contains("no such queue. Cure: 'jobs queues declare q'", trouble.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_that_holds_up_nothing_yet_is_worth_knowing()
    {
        var trouble = Assert.Single(Look(OfFullQueue43).Troubles);

        Assert.Equal(QueueTroubleKind.Notice, trouble.Kind);
        Assert.Contains("New jobs are refused", trouble.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_past_their_time_without_a_reason_to_be_seen_are_late_and_not_blocked()
    {
        var trouble = Assert.Single(Look(_safe43, OfStep43).Troubles);

        Assert.Equal(QueueTroubleKind.Notice, trouble.Kind);
        Assert.Contains("why was not seen", trouble.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_with_room_and_steps_of_other_queues_are_no_trouble() => Assert.Empty(Look(
        OfFullQueue43.Replace("\"max-length\":1,", "\"max-length\":10,", StringComparison.Ordinal),
        OfStep43.Replace("q.delay", "other.delay", StringComparison.Ordinal)).Troubles);

    private static QueueSurvey Look(params string[] queues) =>
        ManagementWatch.Judge(["q"], [.. queues.Select(Read)]);

    private static ManagedQueue Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ManagedQueue.From(document.RootElement);
    }
}
