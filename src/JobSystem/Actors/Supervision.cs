using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Util;

namespace JobSystem.Actors;

/// <summary>Told of each failure of an actor, with what its parent decided, on the parent's thread.</summary>
internal delegate void ActorFailed(ActorPath actor, Exception cause, string decision);

/// <summary>
/// One for one: every failure of a child has the same consequence. Why not Akka's own: that logs to Akka's log in its
/// words, and a failure of ours is counted and told with the fate of the message.
/// </summary>
internal sealed class ChildSupervision(Directive rule, ActorEnvironment environment, ActorFailed failed)
    : OneForOneStrategy(_ => rule, loggingEnabled: false)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        var directive = environment.Faults?.Decide(child.Path, rule) ?? rule;
        failed(child.Path, exception, directive.ToString());
        return directive;
    }
}

/// <summary>
/// All for one: when one child fails, all are suspended, keep their mailboxes, and are restarted together after a
/// pause. What Akka's own lacks: the pause, and a budget that counts on the scheduler's clock; Akka's counts in real
/// time and, past its limit, stops the children only, so that a parent without children stays.
/// </summary>
/// <remarks>
/// It calls Suspend and Restart of Akka's internal refs, which must come in pairs (Akka 1.5.74): a test guards it.
/// </remarks>
/// <param name="budget">How often, and after which pause.</param>
/// <param name="pastBudget">Stop: the parent stops itself. Escalate: the parent fails.</param>
/// <param name="environment">The clock, and fault injection.</param>
/// <param name="random">Of the parent, for the jitter.</param>
/// <param name="failed">Is told of each failure.</param>
internal sealed class GroupSupervision(
    RestartBudget budget, Directive pastBudget, ActorEnvironment environment, Func<Random> random, ActorFailed failed)
    : SupervisorStrategy
{
    private readonly List<DateTimeOffset> _restarts = [];
    private TimeSpan? _pause;
    private bool _pausing;

    public override IDecider Decider => DefaultDecider;

    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (!restart)
        {
            context.Stop(context.Self);
            return;
        }

        if (_pausing)
        {
            // It failed while it was being suspended: it suspended itself once more than the restart will undo.
            ((IInternalActorRef)child).Resume(null!);
            return;
        }

        _pausing = true;
        foreach (var other in children)
        {
            if (!other.Child.Equals(child))
            {
                other.Child.Suspend();
            }
        }

        context.System.Scheduler.ScheduleTellOnce(
            _pause!.Value, context.Self, new RestartChildren(this, [.. children.Select(each => each.Child)], cause),
            ActorRefs.NoSender);
    }

    /// <summary>
    /// The pause is over for those that it began for: a parent that was itself restarted meanwhile has others.
    /// </summary>
    public void RestartAll(IActorContext context, IReadOnlySet<IActorRef> suspended, Exception cause)
    {
        _pausing = false;
        foreach (var child in context.GetChildren().Where(suspended.Contains))
        {
            ((IInternalActorRef)child).Restart(cause);
        }
    }

    public override void HandleChildTerminated(
        IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children)
    {
    }

    public override ISurrogate ToSurrogate(ActorSystem system) =>
        throw new NotSupportedException("A tree of actors does not leave its process.");

    protected override Directive Handle(IActorRef child, Exception exception)
    {
        if (environment.Faults?.Decide(child.Path, Directive.Restart) is { } other and not Directive.Restart)
        {
            failed(child.Path, exception, other.ToString());
            return other;
        }

        if (_pausing)
        {
            failed(child.Path, exception, "restart with the others");
            return Directive.Restart;
        }

        var now = environment.TimeProvider.GetUtcNow();
        _pause = budget.NextPause(_restarts, now, random().NextDouble());
        if (_pause is null)
        {
            failed(child.Path, exception, $"too many failures within {budget.Within}: {pastBudget}");
            return pastBudget;
        }

        _restarts.Add(now);
        failed(child.Path, exception, $"restart, with its siblings, in {_pause.Value.TotalMilliseconds:0} ms");
        return Directive.Restart;
    }
}

/// <summary>What <see cref="GroupSupervision"/> tells the parent when its pause is over.</summary>
internal sealed class RestartChildren(GroupSupervision supervision, HashSet<IActorRef> suspended, Exception cause)
{
    public void Begin(IActorContext context) => supervision.RestartAll(context, suspended, cause);
}
