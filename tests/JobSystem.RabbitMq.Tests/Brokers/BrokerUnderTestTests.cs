// What every other test here takes for granted of a broker, seen by the plain client alone.
using System.Text;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Brokers;

public sealed class BrokerUnderTestTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_confirmed_message_survives_a_graceful_restart(string kind)
    {
        VirtualHost host = await hosts.OnAsync(kind);
        await PublishAsync(host.Uri, "restarted", "kept");

        await host.Broker.RestartAsync();

        Assert.Equal("kept", await GetAsync(host.Uri, "restarted"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_killed_broker_is_gone_at_once_and_comes_up_with_its_messages(string kind)
    {
        VirtualHost host = await hosts.OnAsync(kind);
        await PublishAsync(host.Uri, "killed", "kept");

        // A queue that was declared right before the kill can be lost with it: a restart writes it down.
        await host.Broker.RestartAsync();

        await host.Broker.KillAsync();
        Assert.Equal("stopped", await host.Broker.StatusAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(host.Uri));
        await host.Broker.UpAsync();

        Assert.Equal("kept", await GetAsync(host.Uri, "killed"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_frozen_broker_keeps_its_connections_and_answers_when_it_thaws(string kind)
    {
        VirtualHost host = await hosts.OnAsync(kind);
        await using IConnection connection = await ConnectAsync(host.Uri);
        await using IChannel channel = await connection.CreateChannelAsync();

        await host.Broker.PauseAsync();
        Assert.Equal("paused", await host.Broker.StatusAsync());
        Task<QueueDeclareOk> declared = channel.QueueDeclareAsync("frozen", true, false, false);
        await host.Broker.UnpauseAsync();

        Assert.Equal("frozen", (await declared).QueueName);
        Assert.Equal("running", await host.Broker.StatusAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_virtual_host_is_empty_at_first_and_gone_in_the_end(string kind)
    {
        BrokerUnderTest broker = BrokerUnderTest.Of(kind);
        VirtualHost host = await broker.NewVirtualHostAsync();
        string[] queues = ["-q", "list_queues", "-p", host.Name, "name", "--no-table-headers"];
        Assert.Equal("", await broker.CtlAsync(queues));
        await PublishAsync(host.Uri, "mine", "kept");
        Assert.Equal("mine", await broker.CtlAsync(queues));

        await host.DisposeAsync();

        Assert.DoesNotContain(host.Name, await broker.CtlAsync("-q", "list_vhosts"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_rabbitmqctl_that_fails_says_why(string kind)
    {
        BrokerUnderTest broker = (await hosts.OnAsync(kind)).Broker;

        BrokerScriptException failure = await Assert.ThrowsAsync<BrokerScriptException>(
            () => broker.CtlAsync("no_such_command"));

        Assert.Contains("no_such_command", failure.Message);
    }

    private static Task<IConnection> ConnectAsync(Uri uri) =>
        new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    private static async Task PublishAsync(Uri uri, string queue, string body)
    {
        CreateChannelOptions confirmed = new(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using IConnection connection = await ConnectAsync(uri);
        await using IChannel channel = await connection.CreateChannelAsync(confirmed);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        BasicProperties persistent = new() { Persistent = true };
        await channel.BasicPublishAsync("", queue, mandatory: true, persistent, Encoding.UTF8.GetBytes(body));
    }

    private static async Task<string?> GetAsync(Uri uri, string queue)
    {
        await using IConnection connection = await ConnectAsync(uri);
        await using IChannel channel = await connection.CreateChannelAsync();
        BasicGetResult? message = await channel.BasicGetAsync(queue, autoAck: true);
        return message is null ? null : Encoding.UTF8.GetString(message.Body.Span);
    }
}
