using JobSystem.Transports;

namespace JobSystem.Testing.Probes;

/// <summary>Listens to a connection and notes everything.</summary>
public sealed class ProbeConnection(string name = "connection") : IConnectionListener
{
    public Sightings<TransportFailure> Closed { get; } = new(name);

    public Sightings<string> Blocked { get; } = new(name);

    public Sightings<string> Unblocked { get; } = new(name);

    public Task<TransportFailure> ClosedAsync() => Closed.NumberAsync(1, "the end of the connection");

    void IConnectionListener.OnClosed(TransportFailure failure) => Closed.Add(failure);

    void IConnectionListener.OnBlocked(string reason) => Blocked.Add(reason);

    void IConnectionListener.OnUnblocked() => Unblocked.Add("unblocked");
}
