using JobSystem.RabbitMq.Topology;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>Where a publish goes on the wire, encoded once.</summary>
internal sealed class RabbitRoute(string exchange, string key, DelayStep? step)
{
    // Read by the loop that writes, cleared by the reader of returns.
    private volatile bool _isReady;

    public CachedString Exchange { get; } = new(exchange);

    public CachedString Key { get; } = new(key);

    public DelayStep? Step { get; } = step;

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
/// with a delay through a step of the ladder, which gives the message back by the same key.
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
            step?.Name ?? "", Lanes.NameOf(destination.Queue, destination.Lane), step);
    }
}
