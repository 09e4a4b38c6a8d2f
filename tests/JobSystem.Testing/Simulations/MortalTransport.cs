using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// A process' way to the broker, which ends with the process: a dead one cannot come back. Writes down each loss.
/// </summary>
internal sealed class MortalTransport(ITransport transport, JobHistory history, Func<bool> isDead) : ITransport
{
    public string Description => transport.Description;

    public Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) => isDead()
        ? Task.FromException<ITransportConnection>(
            new TransportException(new TransportFailure(TransportFailureKind.Unreachable, "This process is dead.")))
        : transport.ConnectAsync(name, new Witness(name, listener, history));

    private sealed class Witness(string name, IConnectionListener listener, JobHistory history) : IConnectionListener
    {
        public void OnClosed(TransportFailure failure)
        {
            history.Add(new HistoryEvent.ConnectionLost(failure.Text, name));
            listener.OnClosed(failure);
        }

        public void OnBlocked(string reason) => listener.OnBlocked(reason);

        public void OnUnblocked() => listener.OnUnblocked();
    }
}
