namespace JobSystem.Actors;

/// <summary>
/// The side of an actor that only its own turn touches: the life of one actor, across its restarts. It owns the
/// instance, the children, watches, timers and the messages in hand; it receives system messages before user
/// messages, one thing at a time. It ends when the instance and all children have stopped.
/// </summary>
/// <remarks>
/// <code>
/// New ─▶ Running ─▶ Failed ─(decision)─▶ Running | Restarting ─▶ Backoff ─▶ New
///   any of them ─(Stop, StopSelf)─▶ Stopping ─(children gone)─▶ Stopped
/// </code>
/// </remarks>
internal sealed partial class ActorCell<T> : ActorContext<T>
{
    private readonly Mailbox<T> _mailbox;
    private readonly Func<Actor<T>> _create;
    private Actor<T>? _actor;
    private Random? _random;
    private CellState _state;
    private bool _stopRequested;
    private int _instance;

    internal ActorCell(Mailbox<T> mailbox, Func<Actor<T>> create)
    {
        _mailbox = mailbox;
        _create = create;
    }

    public override ActorRef<T> Self => _mailbox;

    public override TimeProvider Clock => System.Dispatcher.Clock;

    public override Random Random => _random ??= System.Dispatcher.CreateRandom(_mailbox.TraceId);

    /// <summary>Which instance of the actor this is: 0 before the first restart.</summary>
    internal int Instance => _instance;

    private ActorSystem System => _mailbox.System;

    public override void StopSelf() => _stopRequested = true;

    /// <summary>The root is there before its first system message, and its names are shared between threads.</summary>
    internal void BeginAsRoot()
    {
        _names = new ChildNames();
        Create();
    }

    /// <summary>One turn: up to so many things, each to its end.</summary>
    internal RunResult Run(int budget)
    {
        PoolWorker worker = PoolWorker.Current;
        Type? last = null;
        for (; budget > 0; budget--)
        {
            if (NextSystemMessage() is { } command)
            {
                worker.ReleaseFollower();
                last = command.GetType();
                Handle(command);
            }
            else if (_state == CellState.New)
            {
                Create();
            }
            else if (NextEnvelope() is { } envelope)
            {
                worker.ReleaseFollower();
                last = Deliver(envelope);
            }
            else if (_mailbox.TryGoIdle())
            {
                return new RunResult(More: false, last);
            }
        }

        _mailbox.Reserve(_inHand);
        return new RunResult(!IsAtRest || !_mailbox.TryGoIdle(), last);
    }

    private void Create()
    {
        try
        {
            _actor = _create() ?? throw new InvalidOperationException("The factory of an actor returned null.");
            _state = CellState.Running;
            _actor.InvokeStarting(this);
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }

        StopIfRequested();
    }

    private Type? Deliver(Envelope<T> envelope)
    {
        T message = envelope.Message;
        try
        {
            if (envelope.IsSignal && !envelope.TryOpen(this, out message))
            {
                return null;
            }

            _actor!.InvokeReceive(message);
        }
        catch (Exception failure)
        {
            Fail(failure);
            return message?.GetType();
        }

        StopIfRequested();
        return message?.GetType();
    }

    private void Handle(SystemMessage command)
    {
        switch (command)
        {
            case SystemMessage.Stop:
                BeginStop();
                break;
            case SystemMessage.Adopt adopt:
                Adopt(adopt.Child);
                break;
            case SystemMessage.ChildStopped stopped:
                Forget(stopped.Child);
                break;
            case SystemMessage.ChildFailed failed:
                Supervise(failed);
                break;
            case SystemMessage.Watch watch:
                AddWatcher(watch.Subscription);
                break;
            case SystemMessage.Unwatch unwatch:
                RemoveWatcher(unwatch.Subscription);
                break;
            case SystemMessage.Resume:
                Resume();
                break;
            case SystemMessage.Restart restart:
                BeginRestart(restart);
                break;
            case SystemMessage.BackoffElapsed:
                EndBackoff();
                break;
        }
    }

    private void StopIfRequested()
    {
        if (_stopRequested)
        {
            BeginStop();
        }
    }
}
