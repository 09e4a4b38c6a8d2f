using JobSystem.Handlers;

namespace JobSystem;

/// <summary>One thing that was said about a job type.</summary>
/// <param name="Job">Type, queue and settings; no type: all jobs of the queue.</param>
/// <param name="Payload">The .NET type the client sends it as.</param>
/// <param name="Bind">Makes the handler; null in a process that only enqueues it.</param>
internal sealed record JobRegistration(
    JobBuilder Job, Type? Payload, Func<IServiceProvider, JobCodec, RawJobHandler>? Bind);

/// <summary>Turns what was said into the catalogue and the routes, and says what is wrong with it.</summary>
internal static class Registry
{
    public static (HandlerCatalog Catalog, JobRoutes Routes) Build(
        IReadOnlyList<JobRegistration> registrations,
        JobSystemOptions options,
        IServiceProvider services,
        JobCodec codec)
    {
        var catalog = new HandlerCatalog();
        var routes = new JobRoutes();
        if (Problems(registrations, options).Count > 0)
        {
            return (catalog, routes);
        }

        foreach (var (job, payload, bind) in registrations)
        {
            if (payload is not null)
            {
                routes.Add(payload, job.QueueName, job.TypeName!);
            }

            if (bind is not null)
            {
                var binding = new HandlerBinding(
                    job.TypeName, job.RetryPolicy, job.RunTimeout, bind(services, codec));
                if (job.TypeName is null)
                {
                    catalog.AddRaw(job.QueueName, binding);
                }
                else
                {
                    catalog.AddTyped(job.QueueName, binding);
                }
            }
        }

        return (catalog, routes);
    }

    public static IReadOnlyList<string> Problems(
        IReadOnlyList<JobRegistration> registrations, JobSystemOptions options)
    {
        var problems = new List<string>();
        var worked = options.Queues.Select(queue => queue.Name).ToHashSet();
        var handlers = registrations.Where(registration => registration.Bind is not null).ToList();
        foreach (var (job, _, _) in handlers)
        {
            var what = job.TypeName is null
                ? $"The handler of queue '{job.QueueName}'"
                : $"The handler of '{job.TypeName}'";
            Require(worked.Contains(job.QueueName),
                $"{what} waits on queue '{job.QueueName}', which this process does not work on: " +
                $"add AddQueue(\"{job.QueueName}\").");
            Require(job.RunTimeout == Timeout.InfiniteTimeSpan || job.RunTimeout > TimeSpan.Zero,
                $"{what} has the timeout {job.RunTimeout}; it must be more than zero, or infinite.");
            var retry = job.RetryPolicy;
            Require(retry.MaxAttempts >= 1, $"{what}: MaxAttempts must be at least 1, but was {retry.MaxAttempts}.");
            Require(retry.Factor >= 1, $"{what}: Factor must be at least 1, but was {retry.Factor}.");
            Require(retry.Jitter is >= 0 and <= 1, $"{what}: Jitter must be 0 to 1, but was {retry.Jitter}.");
            Require(retry.FirstDelay >= TimeSpan.Zero && retry.MaxDelay >= retry.FirstDelay,
                $"{what}: the delays must be 0 <= FirstDelay ({retry.FirstDelay}) <= MaxDelay ({retry.MaxDelay}).");
        }

        foreach (var twice in handlers.GroupBy(handler => (handler.Job.QueueName, handler.Job.TypeName)))
        {
            Require(
                twice.Count() == 1,
                $"'{twice.Key.TypeName}' has {twice.Count()} handlers on queue '{twice.Key.QueueName}'.");
        }

        foreach (var idle in worked.Where(name => handlers.TrueForAll(handler => handler.Job.QueueName != name)))
        {
            problems.Add(
                $"Queue '{idle}' has no handler: its jobs would only be parked. Add one, or do not work on it.");
        }

        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}

/// <summary>The description of a job system is wrong. The message names every problem.</summary>
public sealed class JobSystemConfigurationException(IReadOnlyList<string> problems)
    : Exception("The job system cannot start:\n" + string.Join("\n", problems.Select(problem => "- " + problem)))
{
    public IReadOnlyList<string> Problems { get; } = problems;

    internal static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new JobSystemConfigurationException(problems);
        }
    }
}
