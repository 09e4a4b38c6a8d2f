namespace JobSystem.Actors;

/// <summary>Where an actor is in its life. User messages are received in <see cref="Running"/> only.</summary>
internal enum CellState : byte
{
    /// <summary>The next turn creates an instance.</summary>
    New,

    /// <summary>An instance receives messages.</summary>
    Running,

    /// <summary>It threw, and waits for its parent's decision.</summary>
    Failed,

    /// <summary>It waits until its children have stopped, to let the old instance go.</summary>
    Restarting,

    /// <summary>It has no instance, and waits until it may create one.</summary>
    Backoff,

    /// <summary>It refuses messages, and waits until its children have stopped.</summary>
    Stopping,

    /// <summary>The end.</summary>
    Stopped,
}
