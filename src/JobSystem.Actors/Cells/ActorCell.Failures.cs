namespace JobSystem.Actors;

/// <summary>Failures: this actor's own, and those of its children that it decides about.</summary>
internal sealed partial class ActorCell<T>
{
    private RestartHistory _history = RestartHistory.Empty;
    private RestartHistory _groupHistory = RestartHistory.Empty;
    private List<ILocalActor>? _escalated;
    private ITimer? _backoff;
    private TimeSpan _pause;
    private int _childEpoch;

    /// <summary>The last decision about all children of the parent that this actor knows of.</summary>
    internal int Epoch { get; set; }

    private void Fail(Exception failure)
    {
        if (_stopRequested || _state >= CellState.Stopping)
        {
            System.Report(_mailbox, failure, new SupervisionDecision.Stop());
            BeginStop();
        }
        else if (_mailbox.Parent is not { } parent)
        {
            System.OnRootFailed(failure);
            BeginStop();
        }
        else if (_state != CellState.Failed)
        {
            _state = CellState.Failed;
            parent.Enqueue(new SystemMessage.ChildFailed(_mailbox, failure, _history, Epoch));
        }
    }

    private void Supervise(SystemMessage.ChildFailed failed)
    {
        if (_actor is null || _state is not (CellState.Running or CellState.Failed) || failed.Epoch != _childEpoch)
        {
            return;
        }

        bool all = Decide(failed, out SupervisionDecision decision);
        System.Report(failed.Child, failed.Failure, decision);
        switch (decision)
        {
            case SupervisionDecision.Resume:
                failed.Child.Enqueue(new SystemMessage.Resume());
                break;
            case SupervisionDecision.Stop when all:
                StopChildren();
                break;
            case SupervisionDecision.Stop:
                failed.Child.Enqueue(new SystemMessage.Stop());
                break;
            case SupervisionDecision.Restart restart when all:
                RestartChildren(restart);
                break;
            case SupervisionDecision.Restart restart:
                failed.Child.Enqueue(new SystemMessage.Restart(restart, _childEpoch));
                break;
            case SupervisionDecision.Escalate escalate:
                (_escalated ??= []).Add(failed.Child);
                Fail(escalate.Failure);
                break;
        }
    }

    private bool Decide(SystemMessage.ChildFailed failed, out SupervisionDecision decision)
    {
        try
        {
            SupervisionStrategy strategy = _actor!.InvokeSupervision();
            bool all = strategy.Scope == SupervisionScope.AllForOne;
            decision = strategy.Decide(
                failed.Failure, all ? _groupHistory : failed.History, Clock.GetUtcNow(), Random);
            return all;
        }
        catch (Exception thrown)
        {
            decision = new SupervisionDecision.Escalate(new AggregateException(
                $"The supervision of {_mailbox} failed.", failed.Failure, thrown));
            return false;
        }
    }

    private void RestartChildren(SupervisionDecision.Restart decision)
    {
        _groupHistory = decision.History;
        _childEpoch++;
        for (ILocalActor? child = _firstChild; child is not null; child = child.NextSibling)
        {
            child.Enqueue(new SystemMessage.Restart(decision, _childEpoch));
        }
    }

    private void Resume()
    {
        if (_state != CellState.Failed)
        {
            return;
        }

        if (_actor is null)
        {
            BeginStop();
            return;
        }

        _state = CellState.Running;
        foreach (ILocalActor child in _escalated ?? [])
        {
            child.Enqueue(new SystemMessage.Resume());
        }

        _escalated = null;
    }

    private void BeginRestart(SystemMessage.Restart restart)
    {
        Epoch = restart.Epoch;
        if (_state is not (CellState.Running or CellState.Failed))
        {
            return;
        }

        _history = restart.Decision.History;
        _pause = restart.Decision.After;
        _state = CellState.Restarting;
        EndOwnership();
        StopChildren();
        FinishWithoutChildren();
    }

    private void BeginBackoff()
    {
        if (_pause <= TimeSpan.Zero)
        {
            _state = CellState.New;
            return;
        }

        _state = CellState.Backoff;
        _backoff = Clock.CreateTimer(
            static mailbox => ((Mailbox<T>)mailbox!).Enqueue(new SystemMessage.BackoffElapsed()),
            _mailbox, _pause, Timeout.InfiniteTimeSpan);
    }

    private void EndBackoff()
    {
        if (_state == CellState.Backoff)
        {
            _backoff?.Dispose();
            _backoff = null;
            _state = CellState.New;
        }
    }
}
