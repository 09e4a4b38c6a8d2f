using System.Threading.Channels;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;

namespace JobSystem.Tests.Monitoring;

/// <summary>A transport whose operator interface tells what a test has written into it, one survey a look.</summary>
internal sealed class ScriptedWatch : ITransport, IQueueWatch
{
    private readonly Channel<QueueSurvey> _surveys = Channel.CreateUnbounded<QueueSurvey>();
    private readonly InMemoryTransport _transport = new(new InMemoryBroker());

    public Uri? Opened { get; private set; }

    public IReadOnlyList<string> Asked { get; private set; } = [];

    public bool IsDisposed { get; private set; }

    public string Description => _transport.Description;

    public void Answer(string? notSeen, params QueueTrouble[] troubles) =>
        _surveys.Writer.TryWrite(new QueueSurvey(troubles, notSeen));

    public Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) =>
        _transport.ConnectAsync(name, listener);

    public IQueueWatch OpenWatch(Uri management)
    {
        Opened = management;
        return this;
    }

    public async Task<QueueSurvey> LookAsync(IReadOnlyList<string> queues)
    {
        Asked = queues;
        return await _surveys.Reader.ReadAsync();
    }

    public void Dispose()
    {
        IsDisposed = true;
        _surveys.Writer.TryComplete();
    }
}
