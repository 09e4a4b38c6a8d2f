using System.Globalization;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>The tutorial's opening example: twelve producers and ten consumers over a bounded queue of ten.</summary>
public sealed class BoundedQueueTests
{
    [Fact]
    public void Twelve_producers_and_ten_consumers_share_a_queue_of_ten_and_every_job_is_run_once() =>
        World.ForSeeds(50, world =>
        {
            const int Each = 10;
            var random = new Random((int)world.Simulation.Seed);
            var maxReady = 0;
            world.Broker.LimitLength(World.Queue, 10);
            for (var consumer = 0; consumer < 10; consumer++)
            {
                _ = world.Worker(
                    (_, cancel) => world.Sleep(TimeSpan.FromMilliseconds(random.Next(200)), cancel), slots: 1);
            }

            var produced = Enumerable.Range(0, 12).Select(producer =>
            {
                var server = world.Producer();
                return world.Begin(() => ProduceAsync(world, server, producer, Each));
            }).ToList();
            world.Simulation.RunUntil(() =>
            {
                maxReady = Math.Max(maxReady, world.Broker.ContentOf(World.Queue).Ready);
                return produced.TrueForAll(task => task.IsCompleted) && world.IsDrained;
            });

            Assert.InRange(maxReady, 1, 10);
            Assert.True(produced.Sum(task => task.Result) > 0, "the bound was never met");
            for (var job = 0; job < 12 * Each; job++)
            {
                Assert.Equal(1, world.Count(string.Create(CultureInfo.InvariantCulture, $"end {job}")));
            }
        });

    /// <summary>A full queue refuses; the producer waits a moment and tries again. Returns how often.</summary>
    private static async Task<int> ProduceAsync(World world, JobHost server, int producer, int jobs)
    {
        var refused = 0;
        for (var number = 0; number < jobs; number++)
        {
            var body = System.Text.Encoding.UTF8.GetBytes($"{(producer * jobs) + number}");
            var options = new EnqueueOptions { Queue = World.Queue };
            while (await server.Client.TryEnqueueAsync(body, options, default) is not EnqueueResult.Confirmed)
            {
                refused++;
                await world.Sleep(TimeSpan.FromMilliseconds(50));
            }
        }

        return refused;
    }
}
