using JobSystem.Sqlite.Broker;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Channels;

/// <summary>
/// What every channel has: a session that carries out its wishes in order, a queue of callbacks to its listener, and
/// one end. A listener that throws loses its channel: nobody knows what it has heard.
/// Ends: by its owner, behind all that it has asked for before; with its connection; or by the session at once.
/// The listener is told of an end that was not its owner's, last, and of nothing after <see cref="DisposeAsync"/>
/// has ended.
/// </summary>
internal abstract class FileChannel : IAsyncDisposable
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected FileChannel(Session session, FileConnection connection)
    {
        (Session, Connection) = (session, connection);
        Callbacks = new(OnListenerThrew);
    }

    /// <summary>It has ended, and its listener has been told.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Its end is under way, or over. On the writer's thread.</summary>
    public bool IsClosing { get; set; }

    protected Session Session { get; }

    protected FileConnection Connection { get; }

    protected CallbackQueue Callbacks { get; }

    /// <summary>On the writer's thread.</summary>
    protected bool HasEnded { get; private set; }

    public ValueTask DisposeAsync()
    {
        Session.Add(new CloseChannel(this, null));
        return new ValueTask(_gone.Task);
    }

    /// <summary>Ends it. On the writer's thread.</summary>
    /// <param name="failure">Null: its owner closed it, and its listener is not told.</param>
    public void End(TransportFailure? failure)
    {
        if (HasEnded)
        {
            return;
        }

        HasEnded = IsClosing = true;
        Connection.Forget(this);
        Forgotten();
        Callbacks.End(
            () =>
            {
                try
                {
                    if (failure is not null)
                    {
                        TellClosed(failure);
                    }
                }
                finally
                {
                    Told();
                    _gone.TrySetResult();
                }
            },
            drop: DropsWhatWaits || failure is not null);
    }

    /// <summary>Gives back what it holds, in a transaction.</summary>
    public abstract void Release(Batch batch);

    /// <summary>What is not told yet when the owner closes it was given back, so it must not be told.</summary>
    protected virtual bool DropsWhatWaits => true;

    protected abstract void TellClosed(TransportFailure failure);

    /// <summary>Nothing is told any more: completes what its owner may wait for.</summary>
    protected virtual void Told()
    {
    }

    /// <summary>It has ended. On the writer's thread.</summary>
    protected virtual void Forgotten()
    {
    }

    private void OnListenerThrew(Exception thrown)
    {
        Session.Report(thrown);
        Session.Add(new CloseChannel(this, new TransportFailure(
            TransportFailureKind.Lost, $"Its listener threw: {thrown.Message}")));
    }
}

/// <summary>The end of a channel, behind what its owner has asked for before.</summary>
internal sealed class CloseChannel(FileChannel channel, TransportFailure? failure) : Operation
{
    public override bool Prepare()
    {
        if (channel.IsClosing)
        {
            return false;
        }

        channel.IsClosing = true;
        return true;
    }

    public override void Execute(Batch batch) => channel.Release(batch);

    public override void Committed(Batch batch) => channel.End(failure);

    public override bool TryRefuse(string reason)
    {
        channel.End(failure); // nobody waits for a full disk; what it holds is given back when there is room
        return false;
    }

    public override void Abandoned(TransportFailure failure)
    {
        // The session ends every channel.
    }
}
