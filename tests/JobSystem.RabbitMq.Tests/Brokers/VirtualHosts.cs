// The virtual hosts of one test class: at most one for each kind of broker, made when a test first asks for
// it, removed after the class's last test. A class has it by IClassFixture<VirtualHosts>.
namespace JobSystem.RabbitMq.Tests.Brokers;

/// <summary>A class fixture: <c>await hosts.OnAsync(kind)</c> is this class's own virtual host on that kind
/// of broker. The tests of a class share it, so they name their queues apart.</summary>
public sealed class VirtualHosts : IAsyncDisposable
{
    private readonly Dictionary<string, VirtualHost> _byKind = [];

    /// <summary>Brings the broker up, whatever the test before has done to it.</summary>
    public async Task<VirtualHost> OnAsync(string kind)
    {
        if (_byKind.TryGetValue(kind, out VirtualHost? host))
        {
            await host.Broker.UpAsync();
            return host;
        }
        return _byKind[kind] = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (VirtualHost host in _byKind.Values)
        {
            await host.DisposeAsync();
        }
    }
}
