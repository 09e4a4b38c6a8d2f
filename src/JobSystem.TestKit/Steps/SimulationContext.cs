namespace JobSystem.TestKit;

/// <summary>Brings the continuations of <c>await</c> back to the simulation, each as a turn of its own.</summary>
internal sealed class SimulationContext(Simulation simulation) : SynchronizationContext
{
    public override void Post(SendOrPostCallback callback, object? state) => simulation.Post(callback, state);

    public override void Send(SendOrPostCallback callback, object? state) => callback(state);

    public override SynchronizationContext CreateCopy() => this;
}
