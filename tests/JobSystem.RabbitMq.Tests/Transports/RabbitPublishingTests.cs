using System.Globalization;
using System.Text;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>What a RabbitMQ says to a publish, and what becomes of it.</summary>
public sealed class RabbitPublishingTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    private const int MiB = 1024 * 1024;

    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_whose_queue_is_gone_is_rejected_and_the_next_declares_it_again(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var (channel, publisher) = await bench.OpenPublisherAsync(connection);
        channel.Publish(1, bench.NewJob(), new Destination("gone"));
        channel.Publish(2, bench.NewJob(), new Destination("kept"));
        await publisher.ConfirmedAsync(2);
        await connection.DeleteAsync("gone");

        for (ulong number = 3; number <= 52; number++)
        {
            channel.Publish(number, bench.NewJob(), new Destination(number == 30 ? "gone" : "kept"));
        }

        await publisher.ConfirmedAsync(51);
        var (rejected, reason) = Assert.Single(publisher.Rejected.All);
        Assert.Equal(30ul, rejected);
        Assert.Contains("NO_ROUTE", reason, StringComparison.Ordinal);
        channel.Publish(53, bench.NewJob(), new Destination("gone"));
        await publisher.ConfirmedAsync(52);
        Assert.DoesNotContain(30ul, publisher.Confirmed.All);
        await using var pull = await connection.OpenPullAsync();
        Assert.NotNull(await pull.GetAsync("gone"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_full_queue_that_refuses_is_a_rejection(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync("full", true, false, false,
            new Dictionary<string, object?> { ["x-max-length"] = 3, ["x-overflow"] = "reject-publish" });
        var (channel, publisher) = await bench.OpenPublisherAsync(await bench.ConnectAsync());

        for (ulong number = 1; number <= 20; number++)
        {
            channel.Publish(number, bench.NewJob(), new Destination("full"));
        }

        await publisher.Decisions.CountAsync(20, "a decision on each");
        Assert.Equal([1ul, 2ul, 3ul], publisher.Confirmed.All.Order().Take(3));
        Assert.Contains(20ul, publisher.Rejected.All.Select(each => each.Number));
        Assert.Contains("nack", publisher.Rejected.All[0].Reason, StringComparison.Ordinal);
        Assert.Equal(20, publisher.Confirmed.All.Concat(publisher.Rejected.All.Select(each => each.Number))
            .Distinct().Count());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_limit_of_the_broker_that_nobody_knew_is_told_in_bytes_and_remembered(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var (get, set) = kind == "plain"
            ? ("element(2, application:get_env(rabbit, max_message_size)).",
                "application:set_env(rabbit, max_message_size, {0}).")
            : ("persistent_term:get(max_message_size).", "persistent_term:put(max_message_size, {0}).");
        var before = await bench.Broker.CtlAsync("eval", get);
        await bench.Broker.CtlAsync("eval", string.Format(CultureInfo.InvariantCulture, set, 5000));
        try
        {
            var (channel, publisher) = await bench.OpenPublisherAsync(connection);
            channel.Publish(1, bench.NewJob() with { Body = new byte[6000] }, new Destination("limited"));

            var failure = await publisher.ClosedAsync();
            Assert.Equal((TransportFailureKind.TooLarge, 5000L), (failure.Kind, failure.LimitBytes));
            Assert.Equal(5000, connection.MaxBodyBytes);
        }
        finally
        {
            await bench.Broker.CtlAsync("eval", string.Format(CultureInfo.InvariantCulture, set, before));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_body_of_10_MB_makes_the_round_trip(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var body = new byte[10 * MiB];
        new Random(1).NextBytes(body);
        await bench.PublishAsync(connection, new Destination("large"), bench.NewJob() with { Body = body });

        var (channel, consumer) = await bench.ConsumeAsync(connection, "large");

        var delivery = await consumer.NextAsync();
        Assert.True(body.AsSpan().SequenceEqual(delivery.Job.Body.Span));
        channel.Ack(delivery.Tag, multiple: false);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Headers_that_do_not_fit_into_a_frame_cost_headers_and_not_the_job(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var job = bench.NewJob("kept") with
        {
            Headers = new Dictionary<string, object?>
            {
                ["large"] = new string('x', 100_000),
                ["larger"] = new string('x', 110_000),
                ["small"] = "kept",
            },
        };
        await bench.PublishAsync(connection, new Destination("headers"), job);

        var (_, consumer) = await bench.ConsumeAsync(connection, "headers");

        var arrived = (await consumer.NextAsync()).Job;
        Assert.Equal(job.Id, arrived.Id);
        Assert.Equal(["large", "small"], arrived.Headers.Keys.Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_delayed_job_whose_queue_is_deleted_waits_for_it_to_be_declared_again(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        const string Setting = "rabbit, dead_letter_worker_publisher_confirm_timeout";
        var before = await bench.Broker.CtlAsync("eval", $"element(2, application:get_env({Setting})).");
        await bench.Broker.CtlAsync("eval", $"application:set_env({Setting}, 300).");
        try
        {
            var connection = await bench.ConnectAsync();

            // Long enough that the queue is gone before the delay ends, on a busy machine too.
            await bench.PublishAsync(
                connection, new Destination("late", Delay: TimeSpan.FromSeconds(8)), bench.NewJob("kept"));
            await connection.DeleteAsync("late");
            var ladder = await bench.ForeignChannelAsync();
            await UntilAsync(async () =>
                (await ladder.QueueDeclarePassiveAsync("late.delay.8s")).MessageCount == 0);

            var (_, consumer) = await bench.ConsumeAsync(connection, "late");

            Assert.Equal("kept", RabbitBench.TextOf(await consumer.NextAsync()));
        }
        finally
        {
            await bench.Broker.CtlAsync("eval", $"application:set_env({Setting}, {before}).");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_queue_that_takes_no_more_holds_up_no_delayed_job_of_another(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync("stuffed", true, false, false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum", ["x-max-length"] = 1, ["x-overflow"] = "reject-publish",
            });
        var delay = TimeSpan.FromSeconds(1);
        var jobs = Enumerable.Repeat(0, 60).Select(_ => bench.NewJob());
        await bench.PublishAsync(connection, new Destination("stuffed", Delay: delay), [.. jobs]);
        await UntilAsync(async () => (await connection.InspectAsync("stuffed.delay.1s"))!.Ready == 0);

        await bench.PublishAsync(connection, new Destination("free", Delay: delay), bench.NewJob("not held up"));

        var (_, consumer) = await bench.ConsumeAsync(connection, "free");
        Assert.Equal("not held up", RabbitBench.TextOf(await consumer.NextAsync()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_that_was_delayed_by_an_earlier_version_still_arrives(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await foreign.QueueDeclareAsync("jobs.delay.1s", true, false, false, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-message-ttl"] = 1000,
            ["x-dead-letter-exchange"] = "",
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-strategy"] = "at-least-once",
        });
        await foreign.ExchangeDeclareAsync("jobs.delay.1s", ExchangeType.Fanout, durable: true);
        await foreign.QueueBindAsync("jobs.delay.1s", "jobs.delay.1s", "");
        var (_, consumer) = await bench.ConsumeAsync(await bench.ConnectAsync(), "upgraded");

        await foreign.BasicPublishAsync("jobs.delay.1s", "upgraded", mandatory: true, "x"u8.ToArray());

        Assert.Equal("x", RabbitBench.TextOf(await consumer.NextAsync()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_second_ladder_is_declared_where_the_first_was_deleted(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var (channel, publisher) = await bench.OpenPublisherAsync(connection);
        var delayed = new Destination("laddered", Delay: TimeSpan.FromSeconds(1));
        channel.Publish(1, bench.NewJob(), delayed);
        await publisher.ConfirmedAsync(1);
        await using var foreign = await bench.ForeignChannelAsync();
        await foreign.QueueDeleteAsync("laddered.delay.1s"); // not its exchange, so the broker returns the next one

        channel.Publish(2, bench.NewJob(), delayed);
        var rejected = await publisher.Rejected.NumberAsync(1, "the rejection");
        channel.Publish(3, bench.NewJob("third"), delayed);

        Assert.Equal(2ul, rejected.Number);
        await publisher.ConfirmedAsync(2);
        var (_, consumer) = await bench.ConsumeAsync(connection, "laddered");
        Assert.Equal("third", RabbitBench.TextOf(await consumer.NextAsync()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task On_the_wire_a_job_is_what_any_client_can_read(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var job = bench.NewJob("{}") with
        {
            Type = "resize", ContentType = "application/json", Epoch = 2, Attempt = 3, Priority = 7,
            EnqueuedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Headers = new Dictionary<string,
                object?> { ["amqp.correlation_id"] = "c-1", ["tenant"] = "blue" },
        };
        await bench.PublishAsync(connection, new Destination("wire"), job);

        var got = (await (await bench.ForeignChannelAsync()).BasicGetAsync("wire", autoAck: true))!;

        var properties = got.BasicProperties;
        Assert.Equal("{}", Encoding.UTF8.GetString(got.Body.Span));
        Assert.Equal((job.Id.Value, "resize", "application/json"),
            (properties.MessageId, properties.Type, properties.ContentType));
        Assert.Equal((DeliveryModes.Persistent, (byte)7, "c-1", 1_700_000_000L),
            (properties.DeliveryMode, properties.Priority, properties.CorrelationId,
                properties.Timestamp.UnixTime));
        Assert.Equal(2, properties.Headers!["x-job-epoch"]);
        Assert.Equal(3, properties.Headers["x-job-attempt"]);
        Assert.Equal("blue"u8.ToArray(), properties.Headers["tenant"]);
        Assert.False(properties.IsExpirationPresent());
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Sightings<int>.Deadline,
                "It never was so.");
        }
    }
}
