using JobSystem.Monitoring;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Shutdown is a component: in order, bounded, and it knows each job's fate.</summary>
public sealed class DrainTests
{
    [Fact]
    public void Running_jobs_finish_and_the_rest_stays_with_the_broker() => World.ForSeeds(100, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(10), cancel), slots: 2);
        for (var number = 0; number < 6; number++)
        {
            world.Enqueue(worker, $"{number}");
        }

        world.Simulation.RunUntil(() => world.Events.Count == 2);
        var report = world.Simulation.Await(() => worker.DrainAsync());

        Assert.True(report.IsComplete);
        Assert.Equal(2, report.Fates.Count(fate => fate.Kind == FateKind.Finished));
        Assert.Equal(4, world.Events.Count);
        Assert.Equal(4, world.Broker.ContentOf(World.Queue).Ready);
    });

    [Fact]
    public void Jobs_that_outlast_the_patience_are_given_back_without_blame() => World.ForSeeds(100, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromHours(1), cancel), slots: 2);
        world.Enqueue(worker, "1");
        world.Enqueue(worker, "2");
        world.Simulation.RunUntil(() => world.Events.Count == 2);
        var start = world.Simulation.Time.GetUtcNow();
        var report = world.Simulation.Await(() => worker.DrainAsync());

        Assert.True(report.IsComplete);
        Assert.All(report.Fates, fate => Assert.Equal(FateKind.GivenBack, fate.Kind));
        Assert.InRange((world.Simulation.Time.GetUtcNow() - start).TotalSeconds, 25, 27);
        var second = world.Worker((_, _) => Task.CompletedTask);
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(0, world.Simulation.Await(() => second.SnapshotAsync()).Queues[0].Tally.Moved);
    });

    [Fact]
    public void A_second_signal_waits_no_longer() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromHours(1), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Events.Count == 1);
        var drain = world.Begin(() => worker.DrainAsync(TimeSpan.FromHours(2)));
        world.Simulation.RunFor(TimeSpan.FromSeconds(5));
        worker.HurryDrain();
        var report = world.Simulation.Await(drain);
        Assert.Equal(FateKind.GivenBack, Assert.Single(report.Fates).Kind);
        Assert.InRange(report.Elapsed.TotalSeconds, 5, 6);
    });

    [Fact]
    public void A_second_signal_that_overtakes_the_first_is_not_forgotten() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromHours(1), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Events.Count == 1);
        worker.HurryDrain();
        var report = world.Simulation.Await(() => worker.DrainAsync(TimeSpan.FromHours(2)));

        // What is given back before the consumer has ended may come once more, and is not started.
        Assert.Equal(FateKind.GivenBack, report.Fates[0].Kind);
        Assert.All(report.Fates.Skip(1), fate => Assert.Equal(FateKind.NotStarted, fate.Kind));
        Assert.InRange(report.Elapsed.TotalSeconds, 0, 1);
    });

    [Fact]
    public void A_job_that_ignores_its_cancellation_is_given_back_and_the_drain_ends() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, _) => new TaskCompletionSource().Task);
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Events.Count == 1);
        var report = world.Simulation.Await(() => worker.DrainAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(FateKind.GivenBack, Assert.Single(report.Fates).Kind);
        Assert.InRange(report.Elapsed.TotalSeconds, 8, 9);
        world.Simulation.RunUntilIdle();
        Assert.Equal(1, world.Broker.ContentOf(World.Queue).Ready);
    });

    [Fact]
    public void A_drain_through_a_lost_connection_still_settles_what_finished() => World.ForSeeds(200, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(10), cancel), slots: 3);
        for (var number = 0; number < 5; number++)
        {
            world.Enqueue(worker, $"{number}");
        }

        world.Simulation.RunUntil(() => world.Events.Count == 3);
        var drain = world.Begin(() => worker.DrainAsync());
        world.Simulation.RunFor(TimeSpan.FromSeconds(2));
        world.Broker.CloseAllConnections("test");
        var report = world.Simulation.Await(drain);

        Assert.True(report.IsComplete);
        Assert.Equal(3, report.Fates.Count(fate => fate.Kind == FateKind.Finished));
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(2, world.Broker.ContentOf(World.Queue).Total);
    });

    [Fact]
    public void A_drain_while_the_broker_is_away_ends_and_says_what_it_left() => World.ForSeeds(100, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(5), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Events.Count == 1);
        world.Broker.Stop();
        var start = world.Simulation.Time.GetUtcNow();
        var report = world.Simulation.Await(() => worker.DrainAsync());
        Assert.Single(report.Fates);
        Assert.InRange((world.Simulation.Time.GetUtcNow() - start).TotalSeconds, 0, 40);
    });

    [Fact]
    public void A_drain_before_there_ever_was_a_broker_ends() => World.ForSeeds(20, world =>
    {
        world.Broker.Stop();
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Simulation.RunFor(TimeSpan.FromSeconds(3));
        var report = world.Simulation.Await(() => worker.DrainAsync());
        Assert.Empty(report.Fates);
        Assert.True(report.IsComplete);
    });

    [Fact]
    public void A_drain_waits_for_the_confirms_of_what_was_enqueued_before() => World.ForSeeds(50, world =>
    {
        var producer = world.Producer();
        world.Simulation.Await(producer.Ready);
        world.Broker.DelayConfirms(3, TimeSpan.FromSeconds(2));
        var enqueues = Enumerable.Range(0, 3).Select(number => world.BeginEnqueue(producer, $"{number}")).ToList();
        world.Simulation.RunUntilIdle();
        var report = world.Simulation.Await(() => producer.DrainAsync());
        Assert.True(report.PublishesConfirmed);
        Assert.All(enqueues, enqueue => Assert.IsType<EnqueueResult.Confirmed>(world.Simulation.Await(enqueue)));
    });

    [Fact]
    public void A_drain_of_a_server_that_has_stopped_ends_and_knows_nothing() => World.ForSeeds(20, world =>
    {
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Simulation.Await(worker.Ready);
        world.Simulation.Await(() => worker.DisposeAsync().AsTask());
        Assert.False(world.Simulation.Await(() => worker.DrainAsync()).IsComplete);
    });

    [Fact]
    public void A_stop_in_the_middle_of_a_drain_ends_the_drain() => World.ForSeeds(20, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromHours(1), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Events.Count == 1);
        var drain = world.Begin(() => worker.DrainAsync());
        world.Simulation.RunFor(TimeSpan.FromSeconds(1));
        world.Simulation.Await(() => worker.DisposeAsync().AsTask());
        Assert.False(world.Simulation.Await(drain).IsComplete);
    });

    [Fact]
    public void An_enqueue_that_races_with_the_end_is_answered() => World.ForSeeds(300, world =>
    {
        var producer = world.Producer();
        world.Simulation.Await(producer.Ready);
        var enqueues = Enumerable.Range(0, 5).Select(number => world.BeginEnqueue(producer, $"{number}")).ToList();
        var drain = world.Begin(() => producer.DrainAsync());
        foreach (var enqueue in enqueues)
        {
            _ = world.Simulation.Await(enqueue);
        }

        world.Simulation.Await(drain);
    });
}
