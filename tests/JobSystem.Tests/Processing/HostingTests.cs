using JobSystem.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>The job system in a .NET host: container, health, shutdown, configuration errors.</summary>
public sealed class HostingTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_handler_out_of_the_container_runs_in_a_scope_of_its_own()
    {
        using var host = Build(jobs => jobs
            .AddQueue("images")
            .AddHandler<Resize, ResizeHandler>("resize", job => job.Queue("images")));
        await host.StartAsync();
        var client = host.Services.GetRequiredService<JobClient>();
        var seen = host.Services.GetRequiredService<Seen>();

        var first = await client.EnqueueAsync(new Resize("cat.png", 320));
        var second = await client.EnqueueAsync(new Resize("dog.png", 640));
        await seen.Two.Task.WaitAsync(_deadline);
        await host.StopAsync();

        Assert.Equal(2, seen.Runs.Select(run => run.Scope).Distinct().Count());
        Assert.Contains(seen.Runs, run => run.Job == new Resize("cat.png", 320) && run.Id == first);
        Assert.Contains(seen.Runs, run => run.Job == new Resize("dog.png", 640) && run.Id == second);
        Assert.All(seen.Runs, run => Assert.True(run.Scope.IsDisposed));
    }

    [Fact]
    public async Task A_body_that_is_not_what_the_handler_needs_is_a_dead_letter_after_its_first_attempt()
    {
        var broker = new InMemoryBroker();
        using var host = Build(jobs => jobs
            .UseInMemory(broker)
            .AddQueue("images")
            .AddHandler<Resize, ResizeHandler>("resize", job => job.Queue("images")));
        await host.StartAsync();
        var client = host.Services.GetRequiredService<JobClient>();
        await client.TryEnqueueAsync(
            "{\"name\": 1"u8.ToArray(), new EnqueueOptions { Queue = "images", Type = "resize" });
        while (broker.ContentOf("images.dead").Ready == 0)
        {
            await Task.Yield();
        }

        await host.StopAsync();
        Assert.Empty(host.Services.GetRequiredService<Seen>().Runs);
    }

    [Fact]
    public async Task Health_is_degraded_while_the_broker_is_away_and_healthy_when_it_is_back()
    {
        var broker = new InMemoryBroker();
        broker.Stop();
        using var host = Build(jobs => jobs.UseInMemory(broker));
        await host.StartAsync();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Status);

        broker.Start();
        await host.Services.GetRequiredService<JobHost>().Ready.WaitAsync(_deadline);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public void Every_problem_of_a_configuration_is_named_at_once()
    {
        var problems = Assert.Throws<JobSystemConfigurationException>(() => new JobSystemBuilder()
            .Configure(options => options with { MaxUnconfirmed = 0, BrokerDeadline = TimeSpan.Zero })
            .AddQueue("idle", queue => queue.Concurrency(0))
            .AddHandler<int>("count", (_, _, _) => Task.CompletedTask, job => job
                .Queue("elsewhere")
                .Timeout(TimeSpan.FromSeconds(-5))
                .Retry(new RetryPolicy { MaxAttempts = 0, Jitter = 2 }))
            .Start()).Problems;

        Assert.Collection(problems.Order(StringComparer.Ordinal),
            problem => Assert.Contains("BrokerDeadline must be more than zero", problem, StringComparison.Ordinal),
            problem => Assert.Contains("'idle' must be 1 to 65535, but was 0", problem, StringComparison.Ordinal),
            problem => Assert.Contains("MaxUnconfirmed must be at least 1, but", problem, StringComparison.Ordinal),
            problem => Assert.Contains("No broker was chosen", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Queue 'idle' has no handler", problem, StringComparison.Ordinal),
            problem => Assert.Contains("has the timeout -00:00:05", problem, StringComparison.Ordinal),
            problem => Assert.Contains("does not work on", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Jitter must be 0 to 1, but was 2", problem, StringComparison.Ordinal),
            problem => Assert.Contains("MaxAttempts must be at least 1, but was 0", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handlers_that_block_their_threads_do_not_hold_up_other_jobs()
    {
        using var release = new ManualResetEventSlim();
        var others = 0;
        var ran = new TaskCompletionSource();
        await using var server = new JobSystemBuilder()
            .UseInMemory()
            .AddQueue("blocking", queue => queue.Concurrency(32).Handle((_, _) =>
            {
                release.Wait(CancellationToken.None);
                return Task.CompletedTask;
            }))
            .AddQueue("other", queue => queue.Concurrency(1).Handle((_, _) =>
            {
                if (Interlocked.Increment(ref others) == 20)
                {
                    ran.SetResult();
                }

                return Task.CompletedTask;
            }))
            .Start();
        for (var number = 0; number < 32; number++)
        {
            await server.Client.TryEnqueueAsync(default, new EnqueueOptions { Queue = "blocking" });
        }

        for (var number = 0; number < 20; number++)
        {
            var result = await server.Client.TryEnqueueAsync(default, new EnqueueOptions { Queue = "other" });
            Assert.IsType<EnqueueResult.Confirmed>(result);
        }

        // Without the watch the pool grows by a thread a second: 32 blocked threads would take half a minute.
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(15));
        release.Set();
        Assert.True((await server.DrainAsync().WaitAsync(_deadline)).IsComplete);
    }

    private static IHost Build(Action<JobSystemBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddScoped<Scope>();
        builder.Services.AddJobSystem(jobs => configure(jobs.UseInMemory()));
        return builder.Build();
    }

    private sealed record Resize(string Name, int Width);

    private sealed class Scope : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Seen
    {
        public System.Collections.Concurrent.ConcurrentBag<(Resize Job, JobId Id, Scope Scope)> Runs { get; } = [];

        public TaskCompletionSource Two { get; } = new();
    }

    private sealed class ResizeHandler(Seen seen, Scope scope) : IJobHandler<Resize>
    {
        public Task HandleAsync(Resize job, JobContext context, CancellationToken cancel)
        {
            Assert.False(scope.IsDisposed);
            seen.Runs.Add((job, context.Id, scope));
            if (seen.Runs.Count == 2)
            {
                seen.Two.SetResult();
            }

            return Task.CompletedTask;
        }
    }
}
