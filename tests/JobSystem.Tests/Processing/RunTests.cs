using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Timeouts, hangs and the bounds of what runs.</summary>
public sealed class RunTests
{
    [Fact]
    public void A_run_that_takes_too_long_is_cancelled_and_counts_as_an_attempt() => World.ForSeeds(30, world =>
    {
        var worker = world.Worker(
            (_, cancel) => world.Sleep(Timeout.InfiniteTimeSpan, cancel),
            timeout: TimeSpan.FromSeconds(5), retry: Retry.Every(TimeSpan.FromSeconds(1), maxAttempts: 2));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1 && world.IsDrained);

        Assert.Equal(2, world.Count("start job"));
        var failure = Assert.Single(world.Take("work.dead")).Failure!;
        Assert.Equal(FailureReason.TimedOut, failure.Reason);
        Assert.Contains("00:00:05", failure.Error, StringComparison.Ordinal);
    });

    [Fact]
    public void A_handler_that_ignores_its_cancellation_loses_its_slot_after_the_grace() => World.ForSeeds(30, world =>
    {
        var hang = new TaskCompletionSource();
        var worker = world.Worker(
            (context, _) => World.Text(context.Body) == "hangs" ? hang.Task : Task.CompletedTask,
            slots: 1, timeout: TimeSpan.FromSeconds(5), retry: Retry.None);
        world.Enqueue(worker, "hangs");
        world.Enqueue(worker, "waits");
        world.Simulation.RunUntil(() => world.Count("end waits") == 1 && world.IsDrained);
        Assert.Equal(FailureReason.TimedOut, Assert.Single(world.Take("work.dead")).Failure!.Reason);

        hang.SetResult();
        world.Simulation.RunFor(World.Minute);
        Assert.True(world.IsDrained);
    });

    [Fact]
    public void A_run_that_ends_well_after_its_cancellation_has_ended_well() => World.ForSeeds(30, world =>
    {
        var worker = world.Worker(
            (_, _) => world.Sleep(TimeSpan.FromSeconds(6), CancellationToken.None), timeout: TimeSpan.FromSeconds(5));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("end job") == 1 && world.IsDrained);
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(1, world.Count("start job"));
        Assert.Empty(world.Take("work.dead"));
    });

    [Fact]
    public void The_jobs_own_timeout_goes_before_the_handlers() => World.ForSeeds(20, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(World.Minute, cancel), retry: Retry.None);
        world.Enqueue(worker, "job", new EnqueueOptions { Timeout = TimeSpan.FromSeconds(3) });
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1);
        Assert.Equal(FailureReason.TimedOut, Assert.Single(world.Take("work.dead")).Failure!.Reason);
    });

    [Fact]
    public void No_more_jobs_run_than_there_are_slots_also_through_lost_connections() => World.ForSeeds(100, world =>
    {
        var random = new Random((int)world.Simulation.Seed);
        var (running, most) = (0, 0);
        async Task Handle(JobContext context, CancellationToken cancel)
        {
            most = Math.Max(most, ++running);
            await world.Sleep(TimeSpan.FromSeconds(random.NextDouble()), cancel);
            running--;
        }

        _ = world.Worker(Handle, slots: 3);
        var other = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(1), cancel), slots: 2);
        for (var number = 0; number < 30; number++)
        {
            world.Enqueue(other, $"{number}");
            if (number % 7 == 0)
            {
                world.Broker.CloseAllConnections("test");
            }
        }

        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.InRange(most, 1, 4); // three slots and the one for the quarantine
    });

    [Fact]
    public void A_queue_that_is_deleted_under_its_worker_is_declared_again() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Enqueue(worker, "before");
        world.Simulation.RunUntil(() => world.Count("end before") == 1);
        world.Broker.DeleteQueue(World.Queue);
        world.Simulation.RunFor(World.Minute);
        world.Enqueue(worker, "after");
        world.Simulation.RunUntil(() => world.Count("end after") == 1 && world.IsDrained);
    });

    [Fact]
    public void A_consumer_that_the_broker_cancels_is_replaced_and_the_running_job_is_adopted() =>
        World.ForSeeds(100, world =>
        {
            var worker = world.Worker((_, cancel) => world.Sleep(World.Minute, cancel));
            world.Enqueue(worker, "job");
            world.Simulation.RunUntil(() => world.Count("start job") == 1);
            world.Broker.CancelConsumers(World.Queue);
            world.Simulation.RunUntil(() => world.IsDrained);
            Assert.Equal(["start job", "end job"], world.Events);
        });

    [Fact]
    public void A_broker_that_hangs_is_given_up_at_the_deadline_and_its_jobs_go_on() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, cancel) => world.Sleep(TimeSpan.FromSeconds(20), cancel));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("start job") == 1);
        world.Broker.Freeze();
        world.Simulation.RunFor(World.Minute);
        world.Broker.Thaw();
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(["start job", "end job"], world.Events);
    });
}
