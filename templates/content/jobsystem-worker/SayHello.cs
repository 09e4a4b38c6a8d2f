using JobSystem;

namespace JobWorker;

/// <summary>A job's payload: sent as JSON.</summary>
public sealed record SayHello(string Name);

/// <summary>
/// Runs it. To return is success. What is thrown is a failure: the job runs again, 8 times in all unless said
/// otherwise, and is a dead letter then. A job may run more than once, always with the same context.Id.
/// </summary>
public sealed class SayHelloHandler : IJobHandler<SayHello>
{
    public Task HandleAsync(SayHello job, JobContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Hello, {job.Name}!");
        return Task.CompletedTask;
    }
}
