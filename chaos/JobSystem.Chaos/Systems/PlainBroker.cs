using JobSystem.Chaos.Plans;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Systems;

/// <summary>The plain client's way to the broker, without any recovery of its own.</summary>
internal static class PlainBroker
{
    public static Task<IConnection> ConnectAsync(
        string uri, string name, FleetPlan fleet, ushort concurrency, CancellationToken cancel) =>
        new ConnectionFactory
        {
            Uri = new Uri(uri),
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = fleet.Heartbeat,
            ConsumerDispatchConcurrency = concurrency,
        }.CreateConnectionAsync(cancel);

    /// <summary>Declares the work queue as a control asks: <c>quorum</c> or <c>classic</c>.</summary>
    /// <exception cref="QueueRefusedException">The broker does not make such a queue.</exception>
    public static async Task DeclareAsync(string uri, string queue, QueuePlan plan, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(uri, "chaos/declare", new FleetPlan(), 1, cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = plan.Type };
        if (plan.DeliveryLimit is { } limit)
        {
            arguments["x-delivery-limit"] = limit;
        }

        try
        {
            await channel.QueueDeclareAsync(
                queue, plan.Durable, exclusive: false, autoDelete: false, arguments, cancellationToken: cancel);
        }
        catch (OperationInterruptedException refused)
        {
            throw new QueueRefusedException(refused.Message, refused);
        }
    }
}
