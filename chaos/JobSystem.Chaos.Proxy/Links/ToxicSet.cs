using JobSystem.Chaos.Proxy.Frames;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// The toxics of a proxy at one moment. Never changes: a new set takes its place at once for all connections, and then
/// <see cref="Changed"/> completes. Asked from all connections.
/// </summary>
internal sealed class ToxicSet(IReadOnlyList<Toxic> all)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Toxic[] _toBroker = [.. all.Where(toxic => toxic.Direction.HasFlag(Direction.ToBroker))];
    private readonly Toxic[] _toClient = [.. all.Where(toxic => toxic.Direction.HasFlag(Direction.ToClient))];

    public bool IsEmpty => all.Count == 0;

    public Task Changed => _changed.Task;

    public Entrance Entrance { get; } = all.Select(toxic => toxic.Entrance).DefaultIfEmpty().Max();

    public ToxicSet With(Toxic toxic) => all.Contains(toxic) ? this : new([.. all, toxic]);

    public ToxicSet Without(Toxic toxic) => all.Contains(toxic) ? new([.. all.Where(each => each != toxic)]) : this;

    /// <summary>Without those that were about this connection only.</summary>
    public ToxicSet Without(ProxyConnection connection) => all.Any(toxic => toxic.Only == connection)
        ? new([.. all.Where(toxic => toxic.Only != connection)])
        : this;

    /// <summary>Another set has taken its place.</summary>
    public void Retire() => _changed.TrySetResult();

    /// <summary>Those that received somebody badly.</summary>
    public void TouchEntrance(Entrance entrance)
    {
        foreach (var toxic in all.Where(toxic => toxic.Entrance == entrance))
        {
            toxic.Touch(1);
        }
    }

    /// <summary>The first fate that is not to pass.</summary>
    public Fate Judge(FrameGate gate, in AmqpFrame frame)
    {
        foreach (var toxic in Of(gate.Direction))
        {
            if ((toxic.Only is null || toxic.Only == gate.Connection)
                && toxic.Judge(gate, frame) is { Kind: not FateKind.Pass } fate)
            {
                return fate;
            }
        }

        return Fate.Pass;
    }

    public bool Delays(Direction direction) => Array.Exists(Of(direction), toxic => toxic.Delays);

    public TimeSpan Delay(Direction direction, Random random, int bytes)
    {
        var delay = TimeSpan.Zero;
        foreach (var toxic in Of(direction))
        {
            delay += toxic.Delays ? toxic.Delay(random, bytes) : TimeSpan.Zero;
        }

        return delay;
    }

    public Toxic? Holder(Direction direction) => Array.Find(Of(direction), toxic => toxic.Holds);

    public int Portion(Direction direction, Random random, int bytes)
    {
        foreach (var toxic in Of(direction))
        {
            bytes = Math.Min(bytes, toxic.Portion(random, bytes));
        }

        return bytes;
    }

    /// <summary>The longest of all.</summary>
    public TimeSpan Pause(Direction direction, int bytes)
    {
        var pause = TimeSpan.Zero;
        foreach (var toxic in Of(direction))
        {
            var own = toxic.Pause(bytes);
            pause = own > pause ? own : pause;
        }

        return pause;
    }

    private Toxic[] Of(Direction direction) => direction == Direction.ToBroker ? _toBroker : _toClient;
}
