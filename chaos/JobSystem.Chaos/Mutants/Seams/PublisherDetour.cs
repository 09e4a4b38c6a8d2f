using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants.Seams;

/// <summary>
/// A publisher channel and its listener, between the engine and the broker: everything goes through; a mutant overrides
/// what it breaks. It numbers what it sends anew, so a publish may be left out; the engine hears one answer at a time.
/// </summary>
internal class PublisherDetour : IPublisherChannel, IPublisherListener
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, ulong> _numbers = [];
    private IPublisherListener _engine = null!;
    private IPublisherChannel _broker = null!;
    private ulong _sent;

    public async Task<IPublisherChannel> OpenAsync(
        IPublisherListener engine, Func<IPublisherListener, Task<IPublisherChannel>> open)
    {
        _engine = engine;
        _broker = await open(this);
        return this;
    }

    public virtual void Publish(ulong number, Job job, Destination destination) => Send(number, job, destination);

    public void OnConfirmed(ulong number, bool multiple)
    {
        lock (_gate)
        {
            var sent = multiple ? _numbers.Keys.TakeWhile(each => each <= number).ToList() : [number];
            foreach (var each in sent)
            {
                if (_numbers.Remove(each, out var engines))
                {
                    Stored(engines);
                }
            }
        }
    }

    public void OnRejected(ulong number, string reason)
    {
        lock (_gate)
        {
            if (_numbers.Remove(number, out var engines))
            {
                _engine.OnRejected(engines, reason);
            }
        }
    }

    public void OnClosed(TransportFailure failure) => _engine.OnClosed(failure);

    public virtual ValueTask DisposeAsync() => _broker.DisposeAsync();

    /// <summary>The broker has got it.</summary>
    protected virtual void Stored(ulong number) => TellConfirmed(number);

    protected void Send(ulong number, Job job, Destination destination)
    {
        lock (_gate)
        {
            _numbers[++_sent] = number;
            _broker.Publish(_sent, job, destination);
        }
    }

    protected void TellConfirmed(ulong number)
    {
        lock (_gate)
        {
            _engine.OnConfirmed(number, multiple: false);
        }
    }

    protected void TellRejected(ulong number)
    {
        lock (_gate)
        {
            _engine.OnRejected(number, "nacked");
        }
    }
}
