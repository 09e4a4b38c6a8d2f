namespace JobSystem.Actors;

/// <summary>
/// How an instance, and in the end the actor, goes: first what it owns, then its children, then itself, then word to
/// its watchers and its parent.
/// </summary>
internal sealed partial class ActorCell<T>
{
    private void BeginStop()
    {
        if (_state >= CellState.Stopping)
        {
            return;
        }

        _state = CellState.Stopping;
        EndOwnership();
        RefuseAll();
        StopChildren();
        FinishWithoutChildren();
    }

    /// <summary>Goes on once the last child has stopped; a stop ends, a restart lets the old instance go.</summary>
    private void FinishWithoutChildren()
    {
        if (_firstChild is not null)
        {
            return;
        }

        if (_state == CellState.Stopping)
        {
            EndInstance();
            _state = CellState.Stopped;
            _mailbox.ReleaseName();
            CloseSystemLane();
            NotifyWatchers();
            System.OnStopped(_mailbox);
        }
        else if (_state == CellState.Restarting)
        {
            EndInstance();
            BeginBackoff();
        }
    }

    private void EndInstance()
    {
        Actor<T>? actor = _actor;
        _actor = null;
        try
        {
            actor?.InvokeStopped();
        }
        catch (Exception failure)
        {
            System.Report(_mailbox, failure, new SupervisionDecision.Stop());
        }

        _stopRequested = false;
        _instance++;
    }

    /// <summary>What belongs to the instance ends with it; its children are stopped apart.</summary>
    private void EndOwnership()
    {
        CancelTimers();
        UnwatchAll();
        _backoff?.Dispose();
    }
}
