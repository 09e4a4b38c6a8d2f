using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Transports;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Queues that somebody else has declared.</summary>
public sealed class RabbitAdoptionTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_durable_classic_queue_is_adopted_without_a_hazard(string kind)
    {
        var queue = await AdoptAsync(kind, "task_queue", durable: true);

        Assert.Equal(("classic", true), (queue.Kind, queue.Durable));
        Assert.Empty(queue.Hazards);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_queue_that_is_not_durable_is_adopted_and_says_what_it_can_lose(string kind)
    {
        var queue = await AdoptAsync(kind, "hello", durable: false);

        Assert.Equal(("classic", false), (queue.Kind, queue.Durable));
        Assert.Contains("lost when the broker stops", Assert.Single(queue.Hazards), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_quorum_queue_with_a_delivery_limit_and_no_dead_letters_is_a_hazard(string kind)
    {
        var queue = await AdoptAsync(kind, "limited", durable: true, new()
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 3,
        });

        Assert.Equal("quorum", queue.Kind);
        Assert.Contains("delivery limit of 3", Assert.Single(queue.Hazards), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_quorum_queue_has_the_delivery_limit_of_its_version(string kind)
    {
        var queue = await AdoptAsync(
            kind, "plain-quorum", durable: true, new() { ["x-queue-type"] = "quorum" });

        if (kind == "plain")
        {
            Assert.Empty(queue.Hazards);
        }
        else
        {
            Assert.Contains("delivery limit of 20", Assert.Single(queue.Hazards), StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_way_to_lose_jobs_is_named(string kind)
    {
        var queue = await AdoptAsync(kind, "unsafe", durable: true, new()
        {
            ["x-max-length"] = 5,
            ["x-message-ttl"] = 60_000,
            ["x-expires"] = 3_600_000,
        });

        Assert.Equal(3, queue.Hazards.Count);
        Assert.Contains(queue.Hazards, each => each.Contains("at most 5 messages", StringComparison.Ordinal));
        Assert.Contains(queue.Hazards, each =>
            each.Contains("longer than 00:01:00", StringComparison.Ordinal));
        Assert.Contains(queue.Hazards, each => each.Contains("for 01:00:00", StringComparison.Ordinal));
        Assert.All(queue.Hazards, each => Assert.Contains("Cure: ", each, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Our_own_queues_have_no_hazard(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("ours"));
        await connection.DeclareAsync(new QueueDeclaration("ours-classic", QueueKind.Classic));

        foreach (var name in new[] { "ours", "ours.dead", "ours.quarantine", "ours-classic",
            "ours-classic.dead" })
        {
            var queue = await connection.InspectAsync(name);
            Assert.Equal((name == "ours-classic" ? "classic" : "quorum", true), (queue!.Kind, queue.Durable));
            Assert.Empty(queue.Hazards);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_adopted_queue_has_lanes_of_ours(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync(
            "adopted", durable: false, exclusive: false, false);
        var connection = await bench.ConnectAsync();

        await bench.PublishAsync(connection, new Destination("adopted"), bench.NewJob());
        await bench.PublishAsync(connection, new Destination("adopted", Lane.Dead), bench.NewJob());

        Assert.Equal("classic", (await connection.InspectAsync("adopted"))!.Kind);
        Assert.Equal("quorum", (await connection.InspectAsync("adopted.dead"))!.Kind);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Declaring_it_otherwise_says_what_it_is_what_was_asked_and_the_ways_out(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync(
            "other", durable: false, exclusive: false, false);
        var connection = await bench.ConnectAsync();

        var error = await Assert.ThrowsAsync<TransportException>(
            () => connection.DeclareAsync(new QueueDeclaration("other", QueueKind.Classic)));

        Assert.Equal(TransportFailureKind.Inequivalent, error.Failure.Kind);
        Assert.Contains("queue 'other'", error.Message, StringComparison.Ordinal);
        Assert.Contains("It is a non-durable classic queue", error.Message, StringComparison.Ordinal);
        Assert.Contains("asked was a durable classic queue", error.Message, StringComparison.Ordinal);
        Assert.Contains("Three ways out: adopt it", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_queue_that_somebody_has_to_himself_is_refused_in_the_brokers_words(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync(
            "mine", durable: false, exclusive: true, false);
        var connection = await bench.ConnectAsync();

        var error = await Assert.ThrowsAsync<TransportException>(() =>
            bench.ConsumeAsync(connection, "mine"));

        Assert.Equal(TransportFailureKind.Refused, error.Failure.Kind);
        Assert.Contains("RESOURCE_LOCKED", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_queue_is_adopted_by_a_user_who_may_declare_nothing(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync(
            "permitted", durable: true, exclusive: false, false);
        var user = $"reader-{bench.Host.Name}";
        await bench.Broker.CtlAsync("add_user", user, "pw");
        try
        {
            await bench.Broker.CtlAsync("set_permissions", "-p", bench.Host.Name, user, "^$", ".*", ".*");
            var transport = new RabbitTransport(
                RabbitOptions.Parse($"amqp://{user}:pw@{bench.Host.Uri.Authority}/{bench.Host.Name}"),
                TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            await using var connection = await transport.ConnectAsync(
                "test", new Testing.Probes.ProbeConnection());

            var (channel, consumer) = await bench.ConsumeAsync(connection, "permitted");
            await bench.PublishAsync(connection, new Destination("permitted"), bench.NewJob("done"));
            Assert.Equal("done", RabbitBench.TextOf(await consumer.NextAsync()));
            Assert.Null(channel.Queue.Kind);

            var (publishing, publisher) = await bench.OpenPublisherAsync(connection);
            publishing.Publish(1, bench.NewJob(), new Destination("permitted", Lane.Dead));
            var refused = await publisher.Rejected.NumberAsync(1, "the refusal");
            Assert.Contains("ACCESS_REFUSED", refused.Reason, StringComparison.Ordinal);
            publishing.Publish(2, bench.NewJob(), new Destination("permitted"));
            await publisher.ConfirmedAsync(1);
            Assert.Equal(2ul, publisher.Confirmed.All[0]);
        }
        finally
        {
            await bench.Broker.CtlAsync("delete_user", user);
        }
    }

    private async Task<QueueInfo> AdoptAsync(
        string kind, string name, bool durable, Dictionary<string, object?>? arguments = null)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await foreign.QueueDeclareAsync(name, durable, exclusive: false, autoDelete: false, arguments);
        await foreign.BasicPublishAsync(
            "", name, mandatory: true, new BasicProperties(), "Hello World!"u8.ToArray());

        var (channel, consumer) = await bench.ConsumeAsync(await bench.ConnectAsync(), name);

        var delivery = await consumer.NextAsync();
        Assert.Equal("Hello World!", RabbitBench.TextOf(delivery));
        Assert.Equal(channel.Queue.Kind == "quorum" ? 0 : null, delivery.Losses);
        return channel.Queue;
    }
}
