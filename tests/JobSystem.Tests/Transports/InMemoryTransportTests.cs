using JobSystem.Testing.Contracts;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;

namespace JobSystem.Tests.Transports;

/// <summary>The broker in memory keeps every promise of the seam.</summary>
public sealed class InMemoryTransportTests : ConnectionLossContract, IDisposable
{
    private readonly InMemoryBroker _broker = new(
        new InMemoryBrokerOptions { MaxBodyBytes = 2 * 1024 * 1024 });

    public void Dispose() => _broker.Dispose();

    protected override Task<ITransport> CreateAsync() =>
        Task.FromResult<ITransport>(new InMemoryTransport(_broker));

    protected override Task LoseConnectionsAsync()
    {
        _broker.CloseAllConnections("An operator closed it.");
        return Task.CompletedTask;
    }
}
