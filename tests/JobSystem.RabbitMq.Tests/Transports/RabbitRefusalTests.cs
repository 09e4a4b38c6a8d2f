using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Jobs that a broker takes no successor of.</summary>
public sealed class RabbitRefusalTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_delay_that_needs_one_queue_too_many_is_refused_for_good(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("limited"));
        var count = (await bench.Broker.CtlAsync("-q", "list_queues", "-p", bench.Host.Name, "name"))
            .Split('\n').Count(line => line.Contains("limited", StringComparison.Ordinal));
        await bench.Broker.CtlAsync(
            "set_vhost_limits", "-p", bench.Host.Name, $$"""{"max-queues": {{count}}}""");
        try
        {
            var refusals = new Refusals();
            await using var channel = await connection.OpenPublisherAsync(refusals);
            channel.Publish(1, bench.NewJob(), new Destination("limited", Delay: TimeSpan.FromSeconds(1)));

            Assert.Contains("limit", await refusals.First, StringComparison.Ordinal);
        }
        finally
        {
            await bench.Broker.CtlAsync("clear_vhost_limits", "-p", bench.Host.Name);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_that_is_rejected_frees_its_slot_and_is_moved_to_the_dead_letters_by_the_broker(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        var (consumer, probe) = await bench.ConsumeAsync(connection, "stuck", prefetch: 1);
        await bench.PublishAsync(connection, new Destination("stuck"), bench.NewJob("second"), bench.NewJob("third"));

        var second = await probe.NextAsync();
        Assert.True(second.CanBeRejected);
        consumer.Reject(second.Tag);

        // The slot is free for the next job.
        Assert.Equal("third", RabbitBench.TextOf(await probe.NextAsync()));
        var moved = new ProbeConsumer();
        await using var dead = await connection.ConsumeAsync(new ConsumerSettings("stuck", Lane.Dead, 1), moved);
        Assert.Equal("second", RabbitBench.TextOf(await moved.NextAsync()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_job_on_a_classic_queue_cannot_be_rejected_without_a_risk(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("risky", QueueKind.Classic));
        await bench.PublishAsync(connection, new Destination("risky"), bench.NewJob());

        var (_, probe) = await bench.ConsumeAsync(connection, "risky");

        Assert.False((await probe.NextAsync()).CanBeRejected);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Beside_a_delivery_that_stays_unsettled_another_is_delivered_and_later_no_more(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await connection.DeclareAsync(new QueueDeclaration("aside", QueueKind.Classic));
        await bench.PublishAsync(connection, new Destination("aside"),
            bench.NewJob("stuck"), bench.NewJob("second"), bench.NewJob("third"));
        var (consumer, probe) = await bench.ConsumeAsync(connection, "aside", prefetch: 1);
        var stuck = await probe.NextAsync();

        consumer.Widen();
        var second = await probe.NextAsync();
        Assert.Equal("second", RabbitBench.TextOf(second));
        consumer.Ack(second.Tag, multiple: false);
        var third = await probe.NextAsync();
        Assert.Equal("third", RabbitBench.TextOf(third));

        consumer.Narrow();
        consumer.Ack(third.Tag, multiple: false);
        consumer.Ack(stuck.Tag, multiple: false);
        await bench.PublishAsync(connection, new Destination("aside"), bench.NewJob("fourth"));
        Assert.Equal("fourth", RabbitBench.TextOf(await probe.NextAsync()));
        await consumer.CancelAsync();
    }

    private sealed class Refusals : IPublisherListener
    {
        private readonly TaskCompletionSource<string> _first = new();

        public Task<string> First => _first.Task.WaitAsync(TimeSpan.FromMinutes(1));

        public void OnConfirmed(ulong number, bool multiple) => Assert.Fail("It was confirmed.");

        public void OnRejected(ulong number, string reason) => Assert.Fail($"It was rejected for a moment: {reason}");

        public void OnRefused(ulong number, string reason) => _first.TrySetResult(reason);

        public void OnClosed(TransportFailure failure) => _first.TrySetException(new TransportException(failure));
    }
}
