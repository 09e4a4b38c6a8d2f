using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>A running job survives the loss of its connection; its redelivery is adopted, not run.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public void A_job_that_runs_through_a_lost_connection_is_not_run_twice() => World.ForSeeds(200, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(World.Minute, cancel));
        for (var number = 0; number < 4; number++)
        {
            world.Enqueue(worker, $"{number}");
        }

        world.Simulation.RunUntil(
            () => world.Events.Count(line => line.StartsWith("start", StringComparison.Ordinal)) == 4);
        for (var loss = 0; loss < 5; loss++)
        {
            world.Broker.CloseAllConnections("test");
            world.Simulation.RunFor(TimeSpan.FromSeconds(5));
        }

        world.Simulation.RunUntil(() => world.IsDrained);
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(8, world.Events.Count);
    });

    [Fact]
    public void A_job_that_ends_while_the_broker_is_away_is_acked_without_a_second_run() => World.ForSeeds(200, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(10), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("start job") == 1);
        world.Broker.Stop();
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(1, world.Count("end job"));

        world.Broker.Start();
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(1, world.Count("start job"));
        Assert.Equal(1, world.Simulation.Await(() => worker.SnapshotAsync()).Queues[0].Tally.AckedWithoutRun);
    });

    [Fact]
    public void Foreign_messages_alike_in_every_byte_run_as_often_as_they_were_sent() => World.ForSeeds(1000, world =>
    {
        const int Messages = 6;
        var random = new Random((int)world.Simulation.Seed);
        for (var number = 0; number < Messages; number++)
        {
            world.PublishForeign("same");
        }

        _ = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(3 * random.NextDouble()), cancel), slots: 3);
        _ = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(3 * random.NextDouble()), cancel), slots: 2);
        for (var loss = 0; loss < 8; loss++)
        {
            world.Simulation.RunFor(TimeSpan.FromSeconds(random.NextDouble()));
            world.Broker.CloseAllConnections("test");
        }

        world.Simulation.RunUntil(() => world.IsDrained);

        // One that lost its connection again and again while it was isolated may be dead-lettered instead.
        var (runs, dead) = (world.Count("end same"), world.Broker.ContentOf("work.dead").Ready);
        Assert.True(runs + dead >= Messages, $"{runs} runs and {dead} dead letters of {Messages} messages");
    });

    [Fact]
    public void A_foreign_message_that_one_worker_ran_through_a_lost_connection_is_not_run_twice() =>
        World.ForSeeds(200, world =>
        {
            world.PublishForeign("one");
            world.PublishForeign("two");
            var worker = world.Worker((_, cancel) => world.Sleep(World.Minute, cancel));
            world.Simulation.RunUntil(() => world.Events.Count == 2);
            world.Broker.CloseAllConnections("test");
            world.Simulation.RunUntil(() => world.IsDrained);

            Assert.Equal(4, world.Events.Count);
            Assert.Equal(2, world.Simulation.Await(() => worker.SnapshotAsync()).Queues[0].Tally.Adopted);
        });

    [Fact]
    public void The_same_id_twice_is_one_job_while_it_is_remembered_as_a_resend() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, _) => Task.CompletedTask);
        var id = new EnqueueOptions { Id = new JobId("once") };
        world.Enqueue(worker, "job", id);
        world.Simulation.RunUntil(() => world.IsDrained && world.Count("end job") == 1);
        world.Enqueue(worker, "job", id);
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(1, world.Count("start job"));

        world.Simulation.RunFor(TimeSpan.FromMinutes(11));
        world.Enqueue(worker, "job", id);
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(2, world.Count("start job"));
    });

    [Fact]
    public void A_job_that_its_workers_do_not_survive_is_isolated_and_its_neighbours_are_not_blamed() =>
        World.ForSeeds(50, world =>
        {
            var deaths = 0;
            var dying = false;
            var producer = world.Producer();
            foreach (var body in new[] { "good1", "killer", "good2", "good3" })
            {
                world.Enqueue(producer, body);
            }

            while (!world.IsDrained || world.Broker.ContentOf("work.dead").Ready == 0)
            {
                dying = false;
                var worker = world.Worker(async (context, cancel) =>
                {
                    await world.Sleep(TimeSpan.FromSeconds(1), cancel);
                    if (World.Text(context.Body) == "killer")
                    {
                        dying = true;
                        await world.Sleep(Timeout.InfiniteTimeSpan, cancel);
                    }
                });
                world.Simulation.RunUntil(
                    () => dying || (world.IsDrained && world.Broker.ContentOf("work.dead").Ready == 1));
                world.Simulation.Await(() => worker.DisposeAsync().AsTask());
                deaths += dying ? 1 : 0;
                Assert.InRange(deaths, 0, 8);
            }

            Assert.All(new[] { "good1", "good2", "good3" }, good => Assert.True(world.Count($"end {good}") >= 1));
            var dead = Assert.Single(world.Take("work.dead"));
            Assert.Equal("killer", World.Text(dead.Body));
            Assert.Equal(FailureReason.WorkerLost, dead.Failure!.Reason);
            Assert.Equal(7, deaths); // one that is forgiven, one that isolates it, five alone
        });
}
