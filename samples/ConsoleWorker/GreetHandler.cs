using JobSystem;

namespace ConsoleWorker;

/// <summary>A job: greet somebody.</summary>
public sealed record Greet(string Name);

/// <summary>
/// Greets, and takes a moment for it. Made anew for every run, out of the container. What it throws is a failure: the
/// job runs again later, unless no further attempt can help.
/// </summary>
public sealed class GreetHandler(TextWriter output, TimeProvider timeProvider) : IJobHandler<Greet>
{
    /// <summary>How long a greeting takes.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    public async Task HandleAsync(Greet job, JobContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(job.Name))
        {
            throw new JobNotRetryableException("A greeting needs a name.");
        }

        await output.WriteLineAsync($"began {context.Id}");
        await Task.Delay(Moment, timeProvider, cancellationToken);
        await output.WriteLineAsync($"done {context.Id} Hello, {job.Name}!");
    }
}
