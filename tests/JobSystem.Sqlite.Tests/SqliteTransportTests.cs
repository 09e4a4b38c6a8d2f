using JobSystem.Testing.Contracts;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Tests;

/// <summary>The broker in a file keeps every promise of the seam.</summary>
public sealed class SqliteTransportTests : ConnectionLossContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteTransport? _transport;

    public void Dispose() => _folder.Dispose();

    protected override Task<ITransport> CreateAsync()
    {
        _transport = new SqliteTransport(new SqliteOptions
        {
            Path = _folder.File(),
            MaxBodyBytes = 2 * 1024 * 1024,
        });
        return Task.FromResult<ITransport>(_transport);
    }

    protected override Task LoseConnectionsAsync()
    {
        _transport!.Lose(new TransportFailure(TransportFailureKind.Lost, "The disk is gone."));
        return Task.CompletedTask;
    }
}
