using Akka.Actor;

namespace JobSystem.Actors;

/// <summary>
/// Time and randomness of a tree of actors, handed in from outside so that a simulator can own them. Never changed.
/// </summary>
/// <param name="TimeProvider">The only clock an actor may read.</param>
/// <param name="Seed">With the actor's path it decides the actor's random numbers.</param>
/// <param name="Faults">Null outside of fault injection.</param>
internal sealed record ActorEnvironment(TimeProvider TimeProvider, ulong Seed, IActorFaults? Faults = null)
{
    /// <summary>The numbers of one stream: the same for the same seed and name, in every process.</summary>
    public Random CreateRandom(string stream)
    {
        // FNV-1a: string.GetHashCode differs between processes.
        var hash = 14695981039346656037 ^ Seed;
        foreach (var letter in stream)
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        return new Random((int)(hash ^ (hash >> 32)));
    }

    public Random CreateRandom(IActorContext context) =>
        CreateRandom($"{context.System.Name}{context.Self.Path.ToStringWithoutAddress()}");
}

/// <summary>What fault injection may do to the actors of a tree. Called on the actor's own thread.</summary>
internal interface IActorFaults
{
    /// <summary>Before an actor receives a message: what this throws, the actor throws.</summary>
    /// <param name="actor">The actor's type.</param>
    void BeforeReceive(Type actor);

    /// <summary>What becomes of a failed child; the rule of its parent unless a mutant says otherwise.</summary>
    /// <param name="child">The actor that failed.</param>
    /// <param name="rule">What its parent decides.</param>
    Directive Decide(ActorPath child, Directive rule);
}
