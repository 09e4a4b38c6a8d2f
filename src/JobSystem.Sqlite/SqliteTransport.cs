using JobSystem.Sqlite.Broker;
using JobSystem.Sqlite.Channels;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Sqlite;

/// <summary>
/// The transport to a file on this machine, which several processes may share: durable, crash-safe, nothing to
/// install. The file is opened with the first connection and closed with the last. Safe for many threads.
/// </summary>
/// <param name="options">Which file.</param>
/// <param name="timeProvider">By whose time delays end. Default: the system's.</param>
/// <param name="loggerFactory">Default: no log.</param>
/// <param name="random">For the names of sockets.</param>
public sealed class SqliteTransport(
    SqliteOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null,
    Random? random = null)
    : ITransport
{
    private readonly SqliteOptions _options = options with { Path = Path.GetFullPath(options.Path) };
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;
    private readonly ILogger _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("JobSystem.Sqlite");
    private readonly Random _random = random ?? new Random();
    private readonly Lock _gate = new();
    private Session? _session;
    private int _connections;

    public string Description => $"the job file '{options.Path}'";

    public async Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener)
    {
        var session = Enter();
        try
        {
            await session.Opened;
            return await session.QueryAsync(static _ => true, _ =>
            {
                var connection = new FileConnection(session, _options, listener, () => LeaveAsync(session));
                session.Attach(connection);
                return (ITransportConnection)connection;
            });
        }
        catch (TransportException)
        {
            await LeaveAsync(session);
            throw;
        }
    }

    /// <summary>Loses the file for all connections, as a failing disk does. For tests.</summary>
    internal void Lose(TransportFailure failure) => _session?.Lose(failure);

    private Session Enter()
    {
        lock (_gate)
        {
            if (_session is null || _session.Ended.IsCompleted)
            {
                _session = new Session(_options, _clock, _random, _log);
                _session.Start();
                _connections = 0;
            }

            _connections++;
            return _session;
        }
    }

    private async Task LeaveAsync(Session session)
    {
        lock (_gate)
        {
            if (session != _session || --_connections > 0)
            {
                return;
            }

            _session = null;
        }

        session.Stop();
        await session.Ended;
    }
}
