using Akka.Actor;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A way to break the job system on purpose, at one of its seams: if the judge lets it pass, the judge is at fault. A
/// file of this folder is one. None of them is in the engine: they stand around it.
/// </summary>
/// <param name="Name">In kebab case.</param>
/// <param name="About">What is broken, in one sentence.</param>
/// <param name="Guilt">What it must be found guilty of; null: it is no mutant but a disturbance, and must pass.</param>
/// <param name="Beside">What it may be found guilty of beside.</param>
internal abstract record Mutant(string Name, string About, FindingKind? Guilt, params FindingKind[] Beside)
{
    /// <summary>The file of <c>chaos/controls</c> that makes it visible.</summary>
    public virtual string Experiment => "mutants";

    /// <summary>Between the engine of a worker and the witness.</summary>
    public virtual ITransport Transport(ITransport transport) => transport;

    /// <summary>Between the client of a producer and the witness.</summary>
    public virtual ITransport ProducerTransport(ITransport transport) => transport;

    /// <summary>What becomes of an actor of a worker that has failed.</summary>
    /// <param name="actor">Its path.</param>
    /// <param name="rule">What its parent decides.</param>
    public virtual Directive Decide(ActorPath actor, Directive rule) => rule;

    /// <summary>Around the run of a job.</summary>
    public virtual Task RunAsync(Func<Task> run) => run();
}
