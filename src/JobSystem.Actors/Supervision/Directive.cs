namespace JobSystem.Actors;

/// <summary>What is to happen to an actor that has failed.</summary>
public enum Directive
{
    /// <summary>
    /// The same instance goes on with the next message; where none could be constructed, the actor stops.
    /// </summary>
    Resume,

    /// <summary>A new instance takes its place, within the budget and after the back-off.</summary>
    Restart,

    /// <summary>It is stopped.</summary>
    Stop,

    /// <summary>Its parent fails with the same exception.</summary>
    Escalate,
}

/// <summary>Whom a decision about one child concerns.</summary>
public enum SupervisionScope
{
    /// <summary>The child that failed.</summary>
    OneForOne,

    /// <summary>All children of the parent, when the decision is to restart or to stop.</summary>
    AllForOne,
}
