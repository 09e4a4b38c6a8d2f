namespace JobSystem;

/// <summary>Which queue and type a payload type travels by. Made at start, never changed.</summary>
internal sealed class JobRoutes
{
    private readonly Dictionary<Type, (string Queue, string Type)> _routes = [];

    public void Add(Type payload, string queue, string type) => _routes[payload] = (queue, type);

    public (string? Queue, string? Type) Find(Type payload) =>
        _routes.TryGetValue(payload, out var route) ? route : default;
}
