namespace JobSystem.Actors;

/// <summary>
/// What the cells of a tree tell each other. It goes before every user message and is never refused for lack of
/// room. A closed set.
/// </summary>
internal abstract class SystemMessage
{
    private SystemMessage()
    {
    }

    /// <summary>The mark of a lane that takes nothing any more.</summary>
    internal static SystemMessage LaneEnd { get; } = new Stop();

    internal SystemMessage? Next { get; set; }

    /// <summary>The addressee had stopped already.</summary>
    internal virtual void AfterStop()
    {
    }

    internal sealed class Stop : SystemMessage;

    /// <summary>To the root: a top-level actor that was spawned from outside.</summary>
    internal sealed class Adopt(ILocalActor child) : SystemMessage
    {
        internal ILocalActor Child => child;

        internal override void AfterStop()
        {
            child.Enqueue(new Stop());
            child.Begin();
        }
    }

    internal sealed class Watch(Subscription subscription) : SystemMessage
    {
        internal Subscription Subscription => subscription;

        internal override void AfterStop() => subscription.Fire();
    }

    internal sealed class Unwatch(Subscription subscription) : SystemMessage
    {
        internal Subscription Subscription => subscription;
    }

    internal sealed class ChildStopped(ILocalActor child) : SystemMessage
    {
        internal ILocalActor Child => child;
    }

    /// <param name="child">Who failed, and now waits for a decision.</param>
    /// <param name="failure">What it threw.</param>
    /// <param name="history">Its restarts so far.</param>
    /// <param name="epoch">The last decision for all children that it knows; an older failure is void.</param>
    internal sealed class ChildFailed(ILocalActor child, Exception failure, RestartHistory history, int epoch)
        : SystemMessage
    {
        internal ILocalActor Child => child;

        internal Exception Failure => failure;

        internal RestartHistory History => history;

        internal int Epoch => epoch;
    }

    internal sealed class Resume : SystemMessage;

    /// <param name="decision">The back-off and the history with this restart in it.</param>
    /// <param name="epoch">Counts the decisions that concerned all children.</param>
    internal sealed class Restart(SupervisionDecision.Restart decision, int epoch) : SystemMessage
    {
        internal SupervisionDecision.Restart Decision => decision;

        internal int Epoch => epoch;
    }

    internal sealed class BackoffElapsed : SystemMessage;
}
