using System.Text;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Transports;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Dead letters in a queue that was declared before the broker limited deliveries, or with a limit.</summary>
public sealed class RabbitLookingTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    private const int Looks = 25;

    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task Looking_at_dead_letters_25_times_takes_none_away_under_the_default_delivery_limit(string kind) =>
        await LookAsync(kind, "old", new() { ["x-queue-type"] = "quorum" }, putBack: true);

    [Theory, MemberData(nameof(Kinds))]
    public async Task Closing_without_putting_back_takes_none_away_under_a_delivery_limit_of_2(string kind) =>
        await LookAsync(
            kind, "strict", new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 2 }, putBack: false);

    [Theory, MemberData(nameof(Kinds))]
    public async Task Looking_at_dead_letters_takes_none_away_under_a_policy_with_a_delivery_limit(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await bench.Broker.CtlAsync("set_policy", "-p", bench.Host.Name, "strict", "^policed\\.",
            """{"delivery-limit":1}""", "--apply-to", "queues");

        await LookAsync(kind, "policed", new() { ["x-queue-type"] = "quorum" }, putBack: true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_dead_letter_that_was_put_back_has_every_property_and_header(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await DeclareAsync(foreign, "same.dead", new() { ["x-queue-type"] = "quorum" });
        await foreign.BasicPublishAsync("", "same.dead", mandatory: true, new BasicProperties
        {
            MessageId = "m", CorrelationId = "c", UserId = "guest", Priority = 3, Timestamp = new AmqpTimestamp(77),
            Headers = new Dictionary<string, object?>
            {
                ["n"] = 5, ["table"] = new Dictionary<string, object?> { ["x"] = null },
            },
        }, "x"u8.ToArray());
        var connection = await bench.ConnectAsync();

        await LookOnceAsync(connection, "same.dead", count: 1, putBack: true);

        var got = (await foreign.BasicGetAsync("same.dead", autoAck: true))!;
        var properties = got.BasicProperties;
        Assert.False(got.Redelivered);
        Assert.Equal(("m", "c"), (properties.MessageId, properties.CorrelationId));
        Assert.Equal(3, properties.Priority);
        Assert.Equal(77, properties.Timestamp.UnixTime);
        Assert.Equal(5, properties.Headers!["n"]);
        Assert.Equal([new("x", null)], (IDictionary<string, object?>)properties.Headers["table"]!);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_user_who_may_not_put_back_takes_nothing_and_hears_the_cure(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await DeclareAsync(foreign, "kept.dead", new() { ["x-queue-type"] = "quorum" });
        await foreign.BasicPublishAsync("", "kept.dead", mandatory: true, "x"u8.ToArray());
        var user = $"reader-{bench.Host.Name}";
        await bench.Broker.CtlAsync("add_user", user, "pw");
        try
        {
            await bench.Broker.CtlAsync("set_permissions", "-p", bench.Host.Name, user, "^$", "^$", ".*");
            var transport = new RabbitTransport(
                RabbitOptions.Parse($"amqp://{user}:pw@{bench.Host.Uri.Authority}/{bench.Host.Name}"),
                TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            await using var connection = await transport.ConnectAsync("test", new Testing.Probes.ProbeConnection());
            await using var pull = await connection.OpenPullAsync();

            var refused = await Assert.ThrowsAsync<TransportException>(() => pull.GetAsync("kept.dead"));

            Assert.Contains("'kept.dead' was not looked at", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Cure: ", refused.Message, StringComparison.Ordinal);
            Assert.False((await foreign.BasicGetAsync("kept.dead", autoAck: true))!.Redelivered);
        }
        finally
        {
            await bench.Broker.CtlAsync("delete_user", user);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_queue_of_an_earlier_version_is_declared_again_without_an_error(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await DeclareAsync(foreign, "earlier.dead", new() { ["x-queue-type"] = "quorum" });
        await DeclareAsync(foreign, "earlier", new()
        {
            ["x-queue-type"] = "quorum",
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = "earlier.dead",
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-strategy"] = "at-least-once",
        });
        var connection = await bench.ConnectAsync();

        await connection.DeclareAsync(new QueueDeclaration("earlier"));

        Assert.NotNull(await connection.InspectAsync("earlier.quarantine"));
    }

    private async Task LookAsync(string kind, string queue, Dictionary<string, object?> arguments, bool putBack)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var dead = Lanes.NameOf(queue, Lane.Dead);
        await DeclareAsync(await bench.ForeignChannelAsync(), dead, arguments);
        var connection = await bench.ConnectAsync();
        await bench.PublishAsync(connection, new Destination(queue, Lane.Dead),
            bench.NewJob("one"), bench.NewJob("two"), bench.NewJob("three"));

        for (var look = 0; look < Looks; look++)
        {
            Assert.Equal(["one", "three", "two"], await LookOnceAsync(connection, dead, count: 3, putBack));
        }
    }

    private static async Task<IEnumerable<string>> LookOnceAsync(
        ITransportConnection connection, string queue, int count, bool putBack)
    {
        var seen = new List<string>();
        await using var pull = await connection.OpenPullAsync();
        for (var number = 0; number < count; number++)
        {
            var delivery = await pull.GetAsync(queue);
            Assert.NotNull(delivery);
            seen.Add(Encoding.UTF8.GetString(delivery.Job.Body.Span));
            if (putBack)
            {
                await pull.PutBackAsync(delivery.Tag);
            }
        }

        return seen.Order();
    }

    private static async Task DeclareAsync(IChannel channel, string name, Dictionary<string, object?> arguments) =>
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments);
}
