namespace JobSystem.Transports.InMemory;

/// <summary>
/// What every channel has: a wire to the broker and one back, and one end. Calls of its owner travel on the
/// first, what its listener is told on the second.
/// Ends: by its owner (after what is on its way has arrived), or by the broker (what is on its way is lost).
/// The listener is told of the broker's end only, last, and nothing after <see cref="DisposeAsync"/> has
/// ended.
/// </summary>
internal abstract class InMemoryChannel : IAsyncDisposable
{
    private readonly TaskCompletionSource _gone = new();

    protected InMemoryChannel(InMemoryBroker broker, InMemoryConnection connection)
    {
        Broker = broker;
        Connection = connection;
        ToBroker = new Wire(broker.Post, broker.Options.FramesPerTurn, OnTurnEnded);
        ToClient = new Wire(broker.Post, broker.Options.FramesPerTurn);
    }

    /// <summary>Ended, and its listener has been told.</summary>
    public Task Gone => _gone.Task;

    protected InMemoryBroker Broker { get; }

    public InMemoryConnection Connection { get; }

    /// <summary>Guarded by the broker's gate.</summary>
    protected bool IsOpen { get; private set; } = true;

    protected Wire ToClient { get; }

    private Wire ToBroker { get; }

    public ValueTask DisposeAsync()
    {
        CloseByOwner(null);
        return new ValueTask(_gone.Task);
    }

    /// <summary>Closes behind what the owner has sent before. Null: the listener is not told.</summary>
    public void CloseByOwner(TransportFailure? failure) => Send(() => Close(failure));

    /// <summary>Closes at once: what is on its way is lost. Under the broker's gate.</summary>
    public void Close(TransportFailure? failure)
    {
        if (!IsOpen)
        {
            return;
        }

        IsOpen = false;
        Connection.Forget(this);
        Release();
        ToBroker.Cut();
        ToClient.Cut(() =>
        {
            if (failure is not null)
            {
                TellClosed(failure);
            }

            Broker.Post(End);
        });
    }

    /// <summary>
    /// Takes no more deliveries. When many channels end at once, all stop before the first gives back: a
    /// message is blamed for one loss only. Under the broker's gate.
    /// </summary>
    public virtual void StopDeliveries()
    {
    }

    /// <summary>
    /// Sends a frame that runs under the broker's gate, if the channel is still open when it arrives.
    /// </summary>
    protected void Send(Action atBroker) => ToBroker.Send(() =>
    {
        lock (Broker.Gate)
        {
            if (IsOpen)
            {
                atBroker();
            }
        }
    });

    /// <summary>Gives back what the channel holds. Under the broker's gate.</summary>
    protected abstract void Release();

    protected abstract void TellClosed(TransportFailure failure);

    /// <summary>The frames of one turn have arrived at the broker. Not under its gate.</summary>
    protected virtual void OnTurnEnded()
    {
    }

    /// <summary>All is told: completes what its owner may wait for.</summary>
    protected virtual void End() => _gone.TrySetResult();
}
