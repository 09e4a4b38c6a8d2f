using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using JobSystem.Transports.InMemory;
using Xunit;


namespace JobSystem.Tests.Processing;

/// <summary>The engine end to end on the broker in memory, on the thread pool.</summary>
public sealed class JobHostTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_actor_system_that_was_prepared_serves_one_job_system()
    {
        JobSystemBuilder.PrepareStart();
        await using var first = new JobSystemBuilder().UseInMemory().Start();
        await using var second = new JobSystemBuilder().UseInMemory().Start();

        Assert.NotSame(SystemOf(first), SystemOf(second));
        await first.DrainAsync().WaitAsync(_deadline);
        Assert.True(SystemOf(first).WhenTerminated.IsCompleted);
        Assert.False(SystemOf(second).WhenTerminated.IsCompleted);

        static ActorSystem SystemOf(JobHost host) => ((ActorRefWithCell)host.Guardian).Underlying.System;
    }

    [Fact]
    public async Task A_thousand_jobs_are_each_run_once_and_acked()
    {
        var broker = new InMemoryBroker();
        var runs = new ConcurrentDictionary<string, int>();
        var all = new TaskCompletionSource();
        await using var server = new JobSystemBuilder()
            .UseInMemory(broker)
            .AddQueue("work", queue => queue.Concurrency(8).Handle((context, _) =>
            {
                runs.AddOrUpdate(Encoding.UTF8.GetString(context.Body.Span), 1, (_, count) => count + 1);
                if (runs.Count == 1000)
                {
                    all.TrySetResult();
                }

                return Task.CompletedTask;
            }))
            .Start();
        await server.Ready.WaitAsync(_deadline);

        var enqueues = Enumerable.Range(0, 1000).Select(number => server.Client.TryEnqueueAsync(
            Encoding.UTF8.GetBytes($"{number}"), new EnqueueOptions { Queue = "work" })).ToList();
        var results = await Task.WhenAll(enqueues).WaitAsync(_deadline);
        await all.Task.WaitAsync(_deadline);
        var report = await server.DrainAsync().WaitAsync(_deadline);

        Assert.All(results, result => Assert.IsType<EnqueueResult.Confirmed>(result));
        Assert.All(runs.Values, count => Assert.Equal(1, count));
        Assert.True(report.IsComplete);
    }
}
