using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>
/// What goes in comes out: every property of a job survives the way to the broker and back.
/// </summary>
public abstract partial class TransportContract
{
    private static readonly DateTimeOffset _time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public async Task A_job_arrives_with_everything_that_it_carried()
    {
        var sent = NewJob() with
        {
            Lineage = "lineage-1",
            Type = "resize-image",
            ContentType = "application/json",
            Attempt = 3,
            Epoch = 7,
            EnqueuedAt = _time,
            DueAt = _time.AddSeconds(5),
            WorkerLosses = 1,
            ParkedSince = _time.AddSeconds(-60),
            Timeout = TimeSpan.FromMilliseconds(1500),
            Priority = 4,
            Checkpoint = new byte[] { 0, 1, 254, 255 },
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };

        AssertSame(sent, (await RoundTripAsync(sent)).Job);
    }

    [Fact]
    public async Task A_job_that_carries_nothing_arrives_as_it_was()
    {
        var sent = NewJob();

        AssertSame(sent, (await RoundTripAsync(sent)).Job);
    }

    [Fact]
    public async Task A_dead_letter_keeps_its_failure()
    {
        var sent = NewJob() with
        {
            Attempt = 8,
            Epoch = 9,
            Failure = new JobFailure(
                FailureReason.TimedOut, "Too long:\nand äöü €.", 8, "images", "host-1/4711", _time),
        };

        AssertSame(sent, (await RoundTripAsync(sent, Lane.Dead)).Job);
    }

    [Theory]
    [InlineData(FailureReason.AttemptsExhausted)]
    [InlineData(FailureReason.TimedOut)]
    [InlineData(FailureReason.NotRetryable)]
    [InlineData(FailureReason.UnknownType)]
    [InlineData(FailureReason.WorkerLost)]
    [InlineData(FailureReason.Expired)]
    [InlineData(FailureReason.Maxlen)]
    [InlineData(FailureReason.Rejected)]
    [InlineData(FailureReason.DeliveryLimit)]
    public async Task Each_reason_of_failure_keeps_its_name(FailureReason reason)
    {
        var error = new string('e', JobFailure.MaxErrorLength);
        var sent = NewJob() with { Failure = new JobFailure(reason, error, 0, "images", "w", _time) };

        AssertSame(sent, (await RoundTripAsync(sent, Lane.Dead)).Job);
    }

    [Fact]
    public async Task Headers_of_every_type_keep_their_names_types_and_values()
    {
        var sent = NewJob() with
        {
            Headers = new Dictionary<string, object?>
            {
                ["text"] = "grüße",
                ["empty-text"] = "",
                ["whole"] = long.MaxValue,
                ["negative"] = -1L,
                ["double"] = 0.1,
                ["yes"] = true,
                ["no"] = false,
                ["bytes"] = new byte[] { 0, 127, 128, 255 },
            },
        };

        AssertSame(sent, (await RoundTripAsync(sent)).Job);
    }

    [Fact]
    public async Task An_empty_body_arrives_empty()
    {
        var delivery = await RoundTripAsync(NewJob(""));

        Assert.Equal(0, delivery.Job.Body.Length);
    }

    [Fact]
    public async Task A_body_of_1_MB_arrives_unchanged()
    {
        var body = new byte[1024 * 1024];
        new Random(1).NextBytes(body);
        var sent = NewJob() with { Body = body };

        AssertSame(sent, (await RoundTripAsync(sent)).Job);
    }

    [Fact]
    public async Task A_job_is_sent_as_it_was_when_it_was_published()
    {
        var body = "before"u8.ToArray();
        var (channel, publisher) = await OpenPublisherAsync();
        channel.Publish(1, NewJob() with { Body = body }, new Destination(Queue));
        "after!"u8.CopyTo(body);
        await publisher.ConfirmedAsync(1);

        var (_, consumer) = await ConsumeAsync();
        Assert.Equal("before", TextOf(await consumer.NextAsync()));
    }

    [Theory]
    [InlineData(Lane.Work)]
    [InlineData(Lane.Quarantine)]
    [InlineData(Lane.Dead)]
    public async Task A_job_arrives_in_the_lane_that_it_was_published_to(Lane lane)
    {
        var sent = NewJob();

        var delivery = await RoundTripAsync(sent, lane);

        Assert.Equal(sent.Id, delivery.Job.Id);
        await using var pull = await OpenPullAsync();
        foreach (var other in Enum.GetValues<Lane>().Where(other => other != lane))
        {
            await Connection.DeclareAsync(new QueueDeclaration(Queue));
            Assert.Null(await pull.GetAsync(Lanes.NameOf(Queue, other)));
        }
    }

    private async Task<Delivery> RoundTripAsync(Job job, Lane lane = Lane.Work)
    {
        await PublishAsync(new Destination(Queue, lane), job);
        var (_, consumer) = await ConsumeAsync(lane: lane);
        return await consumer.NextAsync();
    }

    private static void AssertSame(Job sent, Job arrived)
    {
        Assert.Equal(sent.Body.ToArray(), arrived.Body.ToArray());
        Assert.Equal(sent.Checkpoint?.ToArray(), arrived.Checkpoint?.ToArray());
        Assert.Equal(
            sent.Headers.OrderBy(header => header.Key, StringComparer.Ordinal),
            arrived.Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
        var empty = new Dictionary<string, object?>();
        Assert.Equal(
            sent with { Body = default, Checkpoint = default, Headers = empty },
            arrived with { Body = default, Checkpoint = default, Headers = empty });
    }
}
