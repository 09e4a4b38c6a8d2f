using JobSystem.RabbitMq.Topology;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>Where a publish goes on the wire, encoded once.</summary>
internal sealed class RabbitRoute(string key, DelayStep? step)
{
    // Read by the loop that writes, cleared by the reader of returns.
    private volatile bool _isReady;

    /// <summary>The step's, or the default exchange.</summary>
    public CachedString Exchange { get; private set; } = new(step?.Name ?? "");

    public CachedString Key { get; } = new(key);

    public DelayStep? Step { get; } = step;

    /// <summary>The step that is there for this route: its own, or the one that all queues share.</summary>
    public void Take(DelayStep found)
    {
        if (Exchange.Value != found.Name)
        {
            Exchange = new(found.Name);
        }
    }

    /// <summary>What it needs has been declared, as far as we know.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public bool Goes(string exchange, string key) => Exchange.Value == exchange && Key.Value == key;
}

/// <summary>
/// The routes of one publisher by destination: straight to the lane's queue through the default exchange, or
/// with a delay through a step of the queue's ladder, which gives the message back by the same key.
/// </summary>
internal sealed class RabbitRoutes
{
    // A caller that makes up queue names without end must not fill the memory; forgotten routes are made
    // again.
    private const int MaxRoutes = 4096;

    private readonly Dictionary<(string Queue, Lane Lane, int Seconds), RabbitRoute> _routes = [];

    public RabbitRoute Of(Destination destination)
    {
        var step = DelayLadder.StepFor(destination.Delay);
        var key = (destination.Queue, destination.Lane, step?.Seconds ?? 0);
        if (_routes.TryGetValue(key, out var route))
        {
            return route;
        }

        if (_routes.Count == MaxRoutes)
        {
            _routes.Clear();
        }

        return _routes[key] = new RabbitRoute(
            Lanes.NameOf(destination.Queue, destination.Lane), step is { } shared
                ? shared with { Queue = destination.Queue }
                : null);
    }
}
