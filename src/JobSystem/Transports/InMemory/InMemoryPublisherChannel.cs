namespace JobSystem.Transports.InMemory;

/// <summary>
/// A channel that publishes. Owns the confirms of one turn, told as one with <c>multiple</c> where all below
/// are decided, and the publishes that wait while the broker is blocked. Ends with its connection, by its
/// owner, or by a body that is too large; what waits then is lost.
/// </summary>
internal sealed class InMemoryPublisherChannel(
    InMemoryBroker broker, InMemoryConnection connection, IPublisherListener listener)
    : InMemoryChannel(broker, connection), IPublisherChannel
{
    private readonly Queue<(ulong Number, Job Job, Destination Destination)> _waiting = new();
    private readonly HashSet<ulong> _withheld = [];
    private ulong _lastNumber;
    private (ulong First, ulong Last)? _confirmed;

    public void Publish(ulong number, Job job, Destination destination)
    {
        if (number != _lastNumber + 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(number), number, $"Publishes are numbered one by one; {_lastNumber + 1} is next.");
        }

        _lastNumber = number;
        var copy = StoredMessage.Copy(job);
        Send(() =>
        {
            if (Broker.IsBlocked)
            {
                _waiting.Enqueue((number, copy, destination));
            }
            else
            {
                Broker.Accept(this, number, copy, destination);
            }
        });
    }

    /// <summary>The broker takes publishes again. Under its gate.</summary>
    public void Resume()
    {
        while (IsOpen && _waiting.TryDequeue(out var publish))
        {
            Broker.Accept(this, publish.Number, publish.Job, publish.Destination);
        }

        TellConfirmed();
    }

    /// <summary>Under the broker's gate.</summary>
    public void Confirm(ulong number)
    {
        Broker.Counters.Confirmed++;
        _withheld.Remove(number);
        if (_confirmed is { } run && run.Last + 1 == number && _withheld.Count == 0)
        {
            _confirmed = (run.First, number);
            return;
        }

        TellConfirmed();
        _confirmed = (number, number);
    }

    /// <summary>
    /// A confirm that comes late: after all that are on their way. Under the broker's gate.
    /// </summary>
    public void ConfirmLate(ulong number)
    {
        if (IsOpen)
        {
            Confirm(number);
            TellConfirmed();
        }
    }

    /// <summary>
    /// This confirm comes late or never: no other may speak for it. Under the broker's gate.
    /// </summary>
    public void Withhold(ulong number) => _withheld.Add(number);

    /// <summary>Under the broker's gate.</summary>
    public void Reject(ulong number, string reason)
    {
        Broker.Counters.Rejected++;
        TellConfirmed();
        ToClient.Send(() => listener.OnRejected(number, reason));
    }

    protected override void OnTurnEnded()
    {
        lock (Broker.Gate)
        {
            TellConfirmed();
        }
    }

    protected override void Release()
    {
        _waiting.Clear();
        _confirmed = null;
    }

    protected override void TellClosed(TransportFailure failure) => listener.OnClosed(failure);

    private void TellConfirmed()
    {
        if (_confirmed is not { } run)
        {
            return;
        }

        _confirmed = null;
        ToClient.Send(() => listener.OnConfirmed(run.Last, multiple: run.First < run.Last));
    }
}
