using JobSystem.Transports;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// A way to break the job system on purpose, at one of its seams: if the judge lets it pass, the judge is at fault. A
/// file of this folder is one.
/// </summary>
/// <param name="Name">In kebab case.</param>
/// <param name="About">What is broken, in one sentence.</param>
internal abstract record Mutant(string Name, string About)
{
    /// <summary>Between the engine of a worker and the witness.</summary>
    public virtual ITransport Transport(ITransport transport) => transport;

    /// <summary>Between the client of a producer and the witness.</summary>
    public virtual ITransport ProducerTransport(ITransport transport) => transport;

    /// <summary>Around the run of a job.</summary>
    public virtual Task Run(Task run) => run;
}
