using Akka.Actor;
using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>Makes actors of a kind fail at their next messages, and notes which actors failed.</summary>
internal sealed class ActorFaults : IActorFaults
{
    private readonly Dictionary<Type, int> _due = [];

    /// <summary>The names of the actors that failed, in order.</summary>
    public List<string> Failed { get; } = [];

    /// <summary>The next messages to actors of this kind fail.</summary>
    public void FailNext<TActor>(int times = 1) => _due[typeof(TActor)] = times;

    public void BeforeReceive(Type actor)
    {
        if (_due.TryGetValue(actor, out var times) && times > 0)
        {
            _due[actor] = times - 1;
            throw new InvalidOperationException($"A fault in {actor.Name}.");
        }
    }

    public Directive Decide(ActorPath child, Directive rule)
    {
        Failed.Add(child.Name);
        return rule;
    }
}
