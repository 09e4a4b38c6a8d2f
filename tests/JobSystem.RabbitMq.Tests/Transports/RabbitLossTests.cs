using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.TestKit;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>What is told when a broker goes, stands still, or refuses to read.</summary>
public sealed class RabbitLossTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    // Shorter than the tests' patience, longer than a call takes; a quorum queue's declaration may take
    // longer.
    private const string ShortCalls = "?call-timeout=1s";

    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_stopped_broker_says_so_and_what_was_running_comes_again_marked(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var listener = new ProbeConnection();
        var connection = await bench.ConnectAsync(listener);
        await bench.PublishAsync(
            connection, new Destination("restarted"), bench.NewJob("1"), bench.NewJob("2"));
        var (channel, consumer) = await bench.ConsumeAsync(connection, "restarted", prefetch: 1);
        var running = await consumer.NextAsync();

        await bench.Broker.RestartAsync();

        Assert.Equal(TransportFailureKind.ClosedByOperator, (await listener.ClosedAsync()).Kind);
        await consumer.ClosedAsync();
        var (again, other) = await bench.ConsumeAsync(await bench.ConnectAsync(), "restarted");
        channel.Ack(running.Tag, multiple: false);
        var redelivered = await other.NextAsync(2);
        Assert.Equal([("1", true), ("2", false)],
            redelivered.Select(each => (RabbitBench.TextOf(each), each.Redelivered)).Order());
        again.Ack(redelivered[1].Tag, multiple: true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_operator_who_closes_connections_is_named(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var listener = new ProbeConnection();
        await bench.ConnectAsync(listener);

        await bench.Broker.CtlAsync(
            "close_all_connections", "--vhost", bench.Host.Name, "maintenance tonight");

        var failure = await listener.ClosedAsync();
        Assert.Equal(TransportFailureKind.ClosedByOperator, failure.Kind);
        Assert.Contains("maintenance tonight", failure.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_killed_broker_is_a_lost_connection(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var listener = new ProbeConnection();
        await bench.ConnectAsync(listener);

        await bench.Broker.KillAsync();

        Assert.Equal(TransportFailureKind.Lost, (await listener.ClosedAsync()).Kind);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_frozen_broker_costs_a_call_its_deadline_and_nobody_the_disposal(string kind)
    {
        await DeclareAsync(kind, "frozen");
        await using var bench = await RabbitBench.OnAsync(hosts, kind, ShortCalls);
        var connection = await bench.ConnectAsync();
        var (channel, _) = await bench.ConsumeAsync(connection, "frozen");
        await bench.Broker.PauseAsync();

        var error = await Assert.ThrowsAsync<TransportException>(() => connection.InspectAsync("frozen"));
        Assert.Equal(TransportFailureKind.Lost, error.Failure.Kind);
        await channel.DisposeAsync();
        await connection.DisposeAsync();

        await bench.Broker.UnpauseAsync();
        Assert.Equal("frozen", (await (await bench.ConnectAsync()).InspectAsync("frozen"))?.Name);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_frozen_broker_that_takes_no_bytes_any_more_is_given_up(string kind)
    {
        await DeclareAsync(kind, "stuck");
        await using var bench = await RabbitBench.OnAsync(hosts, kind, ShortCalls);
        var listener = new ProbeConnection();
        var connection = await bench.ConnectAsync(listener);
        var (channel, publisher) = await bench.OpenPublisherAsync(connection);
        channel.Publish(1, bench.NewJob(), new Destination("stuck"));
        await publisher.ConfirmedAsync(1);

        await bench.Broker.PauseAsync();
        var large = bench.NewJob() with { Body = new byte[1024 * 1024] };
        for (ulong number = 2; number < 300; number++)
        {
            channel.Publish(number, large, new Destination("stuck"));
        }

        Assert.Equal(TransportFailureKind.Lost, (await publisher.ClosedAsync()).Kind);
        Assert.Equal(TransportFailureKind.Lost, (await listener.ClosedAsync()).Kind);
        await bench.Broker.UnpauseAsync();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_broker_that_is_silent_for_two_and_a_half_heartbeats_is_given_up(string kind)
    {
        var host = await hosts.OnAsync(kind);
        var clock = new VirtualTime();
        var options = RabbitOptions.Parse($"{host.Uri}?heartbeat=20s");
        var transport = new RabbitTransport(options, clock, NullLoggerFactory.Instance);
        var listener = new ProbeConnection();
        await using var connection = await transport.ConnectAsync("test", listener);

        // It sends its next heartbeat after ten seconds of its own, which this test does not take.
        clock.Advance(TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(1, clock.Timers);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, clock.Timers);

        var failure = await listener.ClosedAsync();
        Assert.Equal(TransportFailureKind.Lost, failure.Kind);
        Assert.Contains("silent", failure.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_consumer_that_throws_loses_its_channel_and_its_jobs_go_back(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var connection = await bench.ConnectAsync();
        await bench.PublishAsync(connection, new Destination("thrown"), bench.NewJob("kept"));
        var bad = new ProbeConsumer { Inside = _ => throw new InvalidOperationException("bad") };

        await using var channel = await connection.ConsumeAsync(new ConsumerSettings("thrown", Lane.Work, 1), bad);

        Assert.Contains("bad", (await bad.ClosedAsync()).Text, StringComparison.Ordinal);
        var (_, good) = await bench.ConsumeAsync(connection, "thrown");
        Assert.True((await good.NextAsync()).Redelivered);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_alarm_is_told_and_its_end_too_and_nothing_is_lost_between(string kind)
    {
        await DeclareAsync(kind, "alarmed");
        await using var bench = await RabbitBench.OnAsync(hosts, kind, ShortCalls + "&heartbeat=1s");
        var listener = new ProbeConnection();
        var connection = await bench.ConnectAsync(listener);
        var (channel, publisher) = await bench.OpenPublisherAsync(connection);
        channel.Publish(1, bench.NewJob(), new Destination("alarmed"));
        await publisher.ConfirmedAsync(1);
        try
        {
            await bench.Broker.CtlAsync("set_vm_memory_high_watermark", "0");
            channel.Publish(2, bench.NewJob(), new Destination("alarmed"));
            Assert.Contains("memory", await listener.Blocked.NumberAsync(1, "the alarm"),
                StringComparison.Ordinal);

            // More than the socket and the library hold: a write waits, longer than a call may take.
            var large = bench.NewJob() with { Body = new byte[64 * 1024] };
            for (ulong number = 3; number <= 400; number++)
            {
                channel.Publish(number, large, new Destination("alarmed"));
            }

            for (var heartbeats = 0; heartbeats < 5; heartbeats++)
            {
                await Assert.ThrowsAsync<TransportException>(() => connection.InspectAsync("alarmed"));
            }

            Assert.Empty(listener.Closed.All);
        }
        finally
        {
            await bench.Broker.CtlAsync("set_vm_memory_high_watermark", "0.4");
        }

        await listener.Unblocked.NumberAsync(1, "the end of the alarm");
        await publisher.Decisions.CountAsync(400, "a decision on each");
        Assert.Empty(publisher.Closed.All);
        Assert.Equal(400, publisher.Confirmed.Count);
    }

    private async Task DeclareAsync(string kind, string queue)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        await (await bench.ConnectAsync()).DeclareAsync(new QueueDeclaration(queue));
    }
}
