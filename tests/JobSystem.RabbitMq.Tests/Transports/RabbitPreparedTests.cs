using System.Diagnostics;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>
/// What an administrator has prepared: queues for users who may not declare any, streams, dead letters.
/// </summary>
public sealed class RabbitPreparedTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    private const string Password = "secret";

    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_user_who_may_not_declare_works_and_delays_on_queues_that_are_there(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var admin = await bench.ConnectAsync();
        await admin.DeclareAsync(new QueueDeclaration("prepared"));
        await bench.PublishAsync(
            admin, new Destination("prepared", Lane.Work, TimeSpan.FromSeconds(1)), bench.NewJob());
        await using var low = await ConnectAsLowAsync(bench, "prepared-1");
        var consumer = new ProbeConsumer();

        await using var consuming = await low.ConsumeAsync(new ConsumerSettings("prepared", Lane.Work, 10), consumer);
        await bench.PublishAsync(low, new Destination("prepared"), bench.NewJob("now"));
        await bench.PublishAsync(
            low, new Destination("prepared", Lane.Work, TimeSpan.FromSeconds(1)), bench.NewJob("later"));

        var bodies = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            bodies.Add(RabbitBench.TextOf(await consumer.NextAsync()));
        }

        Assert.Equal(["later", "now", "payload"], bodies.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_permission_that_is_missing_is_named_with_what_it_is_for(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await using var low = await ConnectAsLowAsync(bench, "prepared-2");
        var probe = new ProbePublisher();
        await using var publishing = await low.OpenPublisherAsync(probe);

        publishing.Publish(1, bench.NewJob(), new Destination("not-there"));

        var (_, reason) = await probe.Rejected.NumberAsync(1, "a rejection");
        Assert.Contains("permission 'configure' is missing to declare or delete the queue 'not-there", reason);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_delay_queues_of_a_queue_are_found_deleted_and_made_again_by_the_next_delayed_job(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var delayed = new Destination("tidy", Lane.Work, TimeSpan.FromSeconds(1));
        await bench.PublishAsync(connection, delayed, bench.NewJob());
        await bench.PublishAsync(connection, new Destination("tidy2", Lane.Work, delayed.Delay), bench.NewJob());

        Assert.Equal(["tidy.delay.1s"], await connection.DelayQueuesAsync("tidy"));
        Assert.NotNull(await connection.DeleteAsync("tidy.delay.1s"));

        Assert.Empty(await connection.DelayQueuesAsync("tidy"));
        Assert.Equal(["tidy2.delay.1s"], await connection.DelayQueuesAsync("tidy2"));
        await using var foreign = await bench.ForeignChannelAsync();
        await Assert.ThrowsAsync<OperationInterruptedException>(
            () => foreign.ExchangeDeclarePassiveAsync("tidy.delay.1s"));
        await bench.PublishAsync(connection, delayed, bench.NewJob());
        Assert.Equal(["tidy.delay.1s"], await connection.DelayQueuesAsync("tidy"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_enqueued_by_a_client_that_has_used_a_delay_queue_which_was_deleted_is_confirmed(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await using var host = new JobSystemBuilder().UseTransport(_ => bench.Transport).Start();
        var options = new EnqueueOptions { Queue = "gone", Delay = TimeSpan.FromSeconds(1) };
        Assert.IsType<EnqueueResult.Confirmed>(await host.Client.TryEnqueueAsync("first"u8.ToArray(), options));

        await connection.DeleteAsync("gone.delay.1s");

        Assert.IsType<EnqueueResult.Confirmed>(await host.Client.TryEnqueueAsync("second"u8.ToArray(), options));
        Assert.Equal(["gone.delay.1s"], await connection.DelayQueuesAsync("gone"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_stream_takes_no_jobs_and_says_so(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ForeignChannelAsync()).QueueDeclareAsync("stream", true, false, false,
            new Dictionary<string, object?> { ["x-queue-type"] = "stream" });
        var connection = await bench.ConnectAsync();
        var (publishing, probe) = await bench.OpenPublisherAsync(connection);

        publishing.Publish(1, bench.NewJob(), new Destination("stream"));

        var (_, reason) = await probe.Rejected.NumberAsync(1, "a rejection");
        Assert.Contains("'stream' is a stream, not a queue", reason);
        var refused = await Assert.ThrowsAsync<TransportException>(() => bench.ConsumeAsync(connection, "stream"));
        Assert.Contains("'stream' is a stream, not a queue", refused.Message);
        var shown = await connection.InspectAsync("stream");
        Assert.Contains("'stream' is a stream, not a queue", Assert.Single(shown!.Hazards));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_the_broker_dead_letters_has_the_brokers_reason(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("tired"));
        var foreign = await bench.ForeignChannelAsync();
        await using var pull = await connection.OpenPullAsync();

        // One after the other: a message that is got before it expires is not dead-lettered by its expiry.
        await foreign.BasicPublishAsync("", "tired", false,
            new BasicProperties { MessageId = "late", Expiration = "1" }, "x"u8.ToArray());
        var late = await DeadAsync(pull);
        await foreign.BasicPublishAsync("", "tired", false,
            new BasicProperties { MessageId = "unwanted" }, "x"u8.ToArray());
        var got = await NextAsync(() => foreign.BasicGetAsync("tired", autoAck: false));
        await foreign.BasicRejectAsync(got.DeliveryTag, requeue: false);
        var unwanted = await DeadAsync(pull);

        Assert.Equal(
            ("late", FailureReason.Expired, "tired"), (late.Id.Value, late.Failure!.Reason, late.Failure.Queue));
        Assert.Equal(("unwanted", FailureReason.Rejected), (unwanted.Id.Value, unwanted.Failure!.Reason));
    }

    private static async Task<Job> DeadAsync(IPullChannel pull)
    {
        var dead = await NextAsync(() => pull.GetAsync("tired.dead"));
        await pull.AckAsync(dead.Tag);
        return dead.Job;
    }

    /// <summary>A broker tells nobody when a message has expired: whoever waits for it asks again.</summary>
    private static async Task<T> NextAsync<T>(Func<Task<T?>> get)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < TimeSpan.FromMinutes(1))
        {
            if (await get() is { } got)
            {
                return got;
            }
        }

        throw new TimeoutException("No message came within a minute.");
    }

    private static async Task<ITransportConnection> ConnectAsLowAsync(RabbitBench bench, string prefix)
    {
        var user = $"{prefix}-{bench.Host.Name}";
        await bench.Broker.CtlAsync("add_user", user, Password);
        await bench.Broker.CtlAsync("set_permissions", "-p", bench.Host.Name, user, "", ".*", ".*");
        var uri = new UriBuilder(bench.Host.Uri) { UserName = user, Password = Password }.Uri;
        return await new RabbitTransport(
            RabbitOptions.Parse($"{uri}"), TimeProvider.System, NullLoggerFactory.Instance)
            .ConnectAsync("low", new ProbeConnection());
    }
}
