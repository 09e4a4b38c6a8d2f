namespace JobSystem.Actors;

/// <summary>The answer to one failure: a <see cref="Directive"/> with what it needs to be carried out.</summary>
public abstract record SupervisionDecision
{
    private SupervisionDecision()
    {
    }

    /// <summary>The bare directive.</summary>
    public abstract Directive Directive { get; }

    /// <summary>Go on with the next message.</summary>
    public sealed record Resume : SupervisionDecision
    {
        /// <inheritdoc/>
        public override Directive Directive => Directive.Resume;
    }

    /// <summary>Start anew.</summary>
    /// <param name="After">The back-off: no message is received before it has passed.</param>
    /// <param name="History">The history with this restart in it.</param>
    public sealed record Restart(TimeSpan After, RestartHistory History) : SupervisionDecision
    {
        /// <inheritdoc/>
        public override Directive Directive => Directive.Restart;
    }

    /// <summary>Stop for good.</summary>
    public sealed record Stop : SupervisionDecision
    {
        /// <inheritdoc/>
        public override Directive Directive => Directive.Stop;
    }

    /// <summary>Hand the failure on to the parent.</summary>
    /// <param name="Failure">What the parent fails with.</param>
    public sealed record Escalate(Exception Failure) : SupervisionDecision
    {
        /// <inheritdoc/>
        public override Directive Directive => Directive.Escalate;
    }
}
