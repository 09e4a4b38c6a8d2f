namespace JobSystem.TestKit;

/// <summary>
/// Runs tasks as turns of the simulation. It is the current scheduler while the simulation runs, so that a
/// <c>ContinueWith</c> without a scheduler, such as those by which Akka ends a system, stays inside.
/// </summary>
internal sealed class SimulationScheduler(Simulation simulation) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>
    /// A task that ends with another one. Whoever blocks on it outside of the simulation runs the simulation
    /// meanwhile; to block on it inside would stop the simulation for good, and throws.
    /// </summary>
    internal Task Follow(Task leader)
    {
        var follower = new Task(static _ => { }, new Following(leader));
        follower.Start(this);
        return follower;
    }

    protected override void QueueTask(Task task)
    {
        if (task.AsyncState is Following following)
        {
            following.Leader.ContinueWith(
                _ => Post(task), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, this);
        }
        else
        {
            Post(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        if (task.AsyncState is Following following)
        {
            simulation.RunUntil(() => following.Leader.IsCompleted);
        }

        return TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Post(Task task) => simulation.Post(task1 => TryExecuteTask((Task)task1!), task);

    private sealed record Following(Task Leader);
}
