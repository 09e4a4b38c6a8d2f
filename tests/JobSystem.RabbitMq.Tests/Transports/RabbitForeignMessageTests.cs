using System.Text;
using JobSystem.RabbitMq.Frames;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Transports;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Messages of clients that know nothing of us.</summary>
public sealed class RabbitForeignMessageTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_message_without_properties_is_a_job(string kind)
    {
        var job = await ReceiveAsync(kind, "bare", new BasicProperties());

        Assert.Equal(JobOrigin.Foreign, job.Origin);
        Assert.True(job.IdWasGiven);
        Assert.NotNull(job.Lineage);
        Assert.Equal((1, 0), (job.Attempt, job.Epoch));
        Assert.Equal("Hello World!", Encoding.UTF8.GetString(job.Body.Span));
        Assert.Empty(job.Headers);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Nonsense_in_our_headers_costs_the_headers_and_not_the_job(string kind)
    {
        var job = await ReceiveAsync(kind, "nonsense", new BasicProperties
        {
            MessageId = "not\na\nname",
            Timestamp = new AmqpTimestamp(long.MaxValue),
            Headers = new Dictionary<string, object?>
            {
                ["x-job-epoch"] = -1,
                ["x-job-attempt"] = "many",
                ["x-job-timeout-ms"] = long.MaxValue,
                ["x-job-due-at"] = new List<object?> { 1, 2 },
                ["x-job-checkpoint"] = 3.5,
                ["x-job-failure-reason"] = true,
                ["traceparent"] = new byte[] { 0xff },
                ["kept"] = "this",
            },
        });

        Assert.Equal(JobOrigin.Foreign, job.Origin);
        Assert.Equal((1, 0), (job.Attempt, job.Epoch));
        Assert.Null(job.Timeout);
        Assert.Null(job.DueAt);
        Assert.Null(job.Checkpoint);
        Assert.Null(job.Failure);
        Assert.Null(job.EnqueuedAt);
        Assert.Equal(["amqp.message_id", "kept"], job.Headers.Keys.Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_header_of_every_amqp_type_is_the_same_after_a_retry_and_in_the_dead_letters(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("typed"));
        var sent = new Dictionary<string, object?>
        {
            ["void"] = null, ["bool"] = true, ["sbyte"] = (sbyte)-3, ["byte"] = (byte)200, ["short"] = (short)-300,
            ["ushort"] = (ushort)60_000, ["int"] = -70_000, ["uint"] = 4_000_000_000u, ["long"] = long.MinValue,
            ["float"] = 1.5f, ["double"] = 0.1, ["decimal"] = 9.99m, ["time"] = new AmqpTimestamp(1_700_000_000),
            ["text"] = "ä"u8.ToArray(), ["not text"] = new byte[] { 0xff, 0xfe },
            ["bytes"] = new BinaryTableValue([1, 2]),
            ["nested"] = new Dictionary<string, object?>
            {
                ["list"] = new List<object?>
                {
                    null, 1, "x"u8.ToArray(), new Dictionary<string, object?> { ["a"] = 1.5f },
                },
            },
        };
        await foreign.BasicPublishAsync("", "typed", true, new BasicProperties { Headers = sent }, "x"u8.ToArray());
        var (channel, consumer) = await bench.ConsumeAsync(connection, "typed", prefetch: 1);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var delivery = await consumer.NextAsync();
            await bench.PublishAsync(connection, new Destination("typed", epoch == 1 ? Lane.Work : Lane.Dead),
                delivery.Job with { Origin = JobOrigin.Ours, Epoch = epoch });
            channel.Ack(delivery.Tag, multiple: false);
        }

        var got = (await foreign.BasicGetAsync("typed.dead", autoAck: true))!.BasicProperties.Headers!;
        foreach (var (name, value) in sent)
        {
            Assert.Equal(value?.GetType(), got[name]?.GetType());
            Assert.Equivalent(
                value is BinaryTableValue binary ? binary.Bytes : value,
                got[name] is BinaryTableValue back ? back.Bytes : got[name]);
        }
    }

    /// <summary>
    /// RabbitMQ 3.x takes an x-death that a client publishes for its own: a message that expires on its way back to a
    /// queue that is named there would be dropped as a cycle. 4.x writes its own over it.
    /// </summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task What_the_broker_noted_before_a_retry_is_kept_through_the_ladder_and_drops_no_job(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("deaths"));
        var death = new Dictionary<string, object?>
        {
            ["count"] = 1L, ["reason"] = "expired"u8.ToArray(), ["queue"] = "deaths"u8.ToArray(),
            ["time"] = new AmqpTimestamp(1_700_000_000), ["exchange"] = Array.Empty<byte>(),
            ["routing-keys"] = new List<object?> { "deaths"u8.ToArray() },
        };
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["x-death"] = new List<object?> { death } },
        };
        await foreign.BasicPublishAsync("", "deaths", true, properties, "x"u8.ToArray());
        var (channel, consumer) = await bench.ConsumeAsync(connection, "deaths", prefetch: 1);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var delivery = await consumer.NextAsync();
            Assert.Contains("x-death", delivery.Job.Headers.Keys);
            await bench.PublishAsync(connection, epoch == 1
                ? new Destination("deaths", Lane.Work, TimeSpan.FromSeconds(1)) : new Destination("deaths", Lane.Dead),
                delivery.Job with { Origin = JobOrigin.Ours, Epoch = epoch });
            channel.Ack(delivery.Tag, multiple: false);
        }

        var got = (await foreign.BasicGetAsync("deaths.dead", autoAck: true))!.BasicProperties.Headers!;
        Assert.DoesNotContain("x-death", got.Keys);
        Assert.Equivalent(death, Assert.Single((List<object?>)got["x-job-deaths"]!));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_header_that_the_client_library_cannot_read_stops_nobody_and_is_kept(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("odd"));
        byte[] smallNumber = [(byte)'D', 40, 0, 0, 0, 1];
        var sent = bench.NewJob("first") with { Headers = new Dictionary<string, object?> {
            ["rate"] = SealedField.Seal(smallNumber)[5..],
            ["stamps"] = SealedField.Seal("F\0\0\0\0"u8)[5..] } };
        await bench.PublishAsync(connection, new Destination("odd", Lane.Work), sent, bench.NewJob("second"));
        var (channel, consumer) = await bench.ConsumeAsync(connection, "odd", prefetch: 1);

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var delivery = await consumer.NextAsync();

            Assert.Equal(attempt == 1 ? "first" : "second", RabbitBench.TextOf(delivery));
            channel.Ack(delivery.Tag, multiple: false);
            if (attempt == 1)
            {
                Assert.Equal(("1E-40", "{}"), (delivery.Job.Headers["rate"], delivery.Job.Headers["stamps"]));
                await bench.PublishAsync(connection, new Destination("odd", Lane.Dead),
                    delivery.Job with { Origin = JobOrigin.Ours, Epoch = 1 });
            }
        }

        await using var pull = await connection.OpenPullAsync();
        var letter = (await pull.GetAsync("odd.dead"))!.Job;
        Assert.Equal(("1E-40", "{}"), (letter.Headers["rate"], letter.Headers["stamps"]));
        Assert.Equal(smallNumber, SealedField.In(((BinaryTableValue)letter.OriginalHeaders!["rate"]!).Bytes).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_time_to_live_of_the_message_is_not_inherited_by_its_successor(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("mortal"));
        await foreign.BasicPublishAsync("", "mortal", true, new BasicProperties
        {
            Expiration = "60000",
            AppId = "shop",
            ReplyTo = "answers",
            Headers = new Dictionary<string,
                object?> { ["CC"] = new List<object?> { "elsewhere" }, ["n"] = 5 },
        }, "x"u8.ToArray());
        var (channel, consumer) = await bench.ConsumeAsync(connection, "mortal");
        var delivery = await consumer.NextAsync();

        await bench.PublishAsync(connection, new Destination("mortal", Lane.Dead),
            delivery.Job with { Origin = JobOrigin.Ours, Epoch = 1 });
        channel.Ack(delivery.Tag, multiple: false);

        var properties = (await foreign.BasicGetAsync("mortal.dead", autoAck: true))!.BasicProperties;
        Assert.False(properties.IsExpirationPresent());
        Assert.Equal(("shop", "answers"), (properties.AppId, properties.ReplyTo));
        Assert.Equal(DeliveryModes.Persistent, properties.DeliveryMode);
        Assert.Equal(5, properties.Headers!["n"]);
        Assert.DoesNotContain("CC", properties.Headers.Keys);
    }

    private async Task<Job> ReceiveAsync(string kind, string queue, BasicProperties properties)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var foreign = await bench.ForeignChannelAsync();
        await foreign.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false);
        await foreign.BasicPublishAsync("", queue, mandatory: true, properties, "Hello World!"u8.ToArray());

        var (channel, consumer) = await bench.ConsumeAsync(await bench.ConnectAsync(), queue);

        var delivery = await consumer.NextAsync();
        channel.Ack(delivery.Tag, multiple: false);
        return delivery.Job;
    }
}
