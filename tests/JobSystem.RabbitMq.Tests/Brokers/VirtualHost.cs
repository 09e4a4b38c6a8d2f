// A virtual host of a test's own: empty when made, removed with all its queues when disposed of. What ends
// it otherwise: the end of the broker. A test process that was killed leaves it behind and harms nobody,
// since no two have the same name.
using System.Security.Cryptography;

namespace JobSystem.RabbitMq.Tests.Brokers;

/// <summary>A part of a broker for one test or class (<see
/// cref="BrokerUnderTest.NewVirtualHostAsync"/>).</summary>
public sealed class VirtualHost : IAsyncDisposable
{
    private VirtualHost(BrokerUnderTest broker, string name, Uri uri) =>
        (Broker, Name, Uri) = (broker, name, uri);

    /// <summary>The broker it lies in. To stop, kill or freeze it concerns its other virtual hosts
    /// too.</summary>
    public BrokerUnderTest Broker { get; }

    /// <summary>Its name, as <c>rabbitmqctl -p</c> wants it: letters, digits and a dash.</summary>
    public string Name { get; }

    /// <summary>The AMQP address with this virtual host; valid through every restart of the broker.</summary>
    public Uri Uri { get; }

    public async ValueTask DisposeAsync()
    {
        // The last test may have left the broker stopped or frozen.
        await Broker.UpAsync();
        await Broker.RunAsync("drop-vhost", Name);
    }

    internal static async Task<VirtualHost> MakeAsync(BrokerUnderTest broker)
    {
        string name = "test-" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        return new VirtualHost(broker, name, new Uri(await broker.RunAsync("vhost", name)));
    }
}
