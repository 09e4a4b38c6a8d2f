namespace JobSystem.Actors;

/// <summary>How an actor decides about the failures of its children. A value; the decision is pure.</summary>
public sealed record SupervisionStrategy
{
    /// <summary>
    /// One for one: restart, at most 10 times in a minute, after 100 ms doubling up to 10 s; then escalate.
    /// </summary>
    public static SupervisionStrategy Default { get; } = new();

    /// <summary>Stop the child that failed, whatever the failure.</summary>
    public static SupervisionStrategy Stopping { get; } = new() { Decider = _ => Directive.Stop };

    /// <summary>Whom a decision concerns; default the child that failed.</summary>
    public SupervisionScope Scope { get; init; }

    /// <summary>The directive for an exception; default restart. If it throws itself, the failure escalates.</summary>
    public Func<Exception, Directive> Decider { get; init; } = _ => Directive.Restart;

    /// <summary>Restarts allowed for each child (all for one: for all together); default 10 in a minute.</summary>
    public RestartBudget Budget { get; init; } = new(10, TimeSpan.FromMinutes(1));

    /// <summary>The pause before a restart; default 100 ms, doubling up to 10 s.</summary>
    public RestartBackoff Backoff { get; init; } =
        new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    /// <summary>A strategy for the child that failed; null takes the default of a part.</summary>
    public static SupervisionStrategy OneForOne(
        Func<Exception, Directive>? decider = null, RestartBudget? budget = null, RestartBackoff? backoff = null) =>
        new()
        {
            Decider = decider ?? Default.Decider,
            Budget = budget ?? Default.Budget,
            Backoff = backoff ?? Default.Backoff,
        };

    /// <summary>A strategy for all children together; null takes the default of a part.</summary>
    public static SupervisionStrategy AllForOne(
        Func<Exception, Directive>? decider = null, RestartBudget? budget = null, RestartBackoff? backoff = null) =>
        OneForOne(decider, budget, backoff) with { Scope = SupervisionScope.AllForOne };

    /// <summary>Decides about one failure. The same arguments give the same answer.</summary>
    public SupervisionDecision Decide(
        Exception failure, RestartHistory history, DateTimeOffset now, Random random)
    {
        Directive directive;
        try
        {
            directive = Decider(failure);
        }
        catch (Exception thrown)
        {
            return new SupervisionDecision.Escalate(new AggregateException(
                "The decider of a supervision strategy failed.", failure, thrown));
        }

        return directive switch
        {
            Directive.Resume => new SupervisionDecision.Resume(),
            Directive.Restart => Restart(failure, history.Since(now, Budget.Within), now, random),
            Directive.Stop => new SupervisionDecision.Stop(),
            _ => new SupervisionDecision.Escalate(failure),
        };
    }

    private SupervisionDecision Restart(
        Exception failure, RestartHistory recent, DateTimeOffset now, Random random)
    {
        int restarts = recent.Restarts.Count;
        return restarts >= Budget.Max
            ? new SupervisionDecision.Escalate(failure)
            : new SupervisionDecision.Restart(Backoff.Delay(restarts, random), recent.With(now));
    }
}
