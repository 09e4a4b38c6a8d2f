using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Ack last: what a settlement needs to be durable is confirmed before the original is acked.</summary>
public sealed class SettlementOrderTests
{
    [Fact]
    public void A_job_is_acked_only_after_it_has_finished() => World.ForSeeds(100, world =>
    {
        using var stop = new CancellationTokenSource();
        var finish = new TaskCompletionSource();
        var worker = world.Worker((_, _) => finish.Task);
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("start job") == 1);

        world.Simulation.RunFor(World.Minute);
        Assert.Equal(1, world.Broker.ContentOf(World.Queue).Unsettled);

        finish.SetResult();
        world.Simulation.RunUntil(() => world.IsDrained);
        Assert.Equal(1, world.Count("end job"));
    });

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(1000)]
    public void An_ack_waits_for_others_a_millisecond_at_most_however_many_slots_there_are(int slots) =>
        World.ForSeeds(20, world =>
        {
            var (finish, stay) = (new TaskCompletionSource(), new TaskCompletionSource());
            var worker = world.Worker(
                (context, _) => World.Text(context.Body) == "short" ? finish.Task : stay.Task, slots);
            world.Enqueue(worker, "short");
            world.Enqueue(worker, "long");
            world.Simulation.RunUntil(() => world.Count("start short") == 1 && world.Count("start long") == 1);

            world.Simulation.Run(() =>
            {
                finish.SetResult();
                return Task.CompletedTask;
            });
            world.Simulation.RunUntil(() => world.Count("end short") == 1);
            world.Simulation.RunFor(TimeSpan.FromMilliseconds(2));

            Assert.Equal(1, world.Broker.ContentOf(World.Queue).Unsettled);
        });

    [Fact]
    public void Where_nothing_else_runs_an_ack_waits_for_nothing() => World.ForSeeds(20, world =>
    {
        var finish = new TaskCompletionSource();
        var worker = world.Worker((_, _) => finish.Task, slots: 1000);
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("start job") == 1);

        world.Simulation.Run(() =>
        {
            finish.SetResult();
            return Task.CompletedTask;
        });
        var began = world.Simulation.Time.GetTimestamp();
        world.Simulation.RunUntil(() => world.IsDrained);

        Assert.Equal(TimeSpan.Zero, world.Simulation.Time.GetElapsedTime(began));
    });

    [Fact]
    public void A_failed_job_is_published_again_before_it_is_acked() => World.ForSeeds(100, world =>
    {
        var worker = world.Worker(
            (context, _) => context.Attempt == 1 ? throw new InvalidOperationException("no") : Task.CompletedTask,
            retry: Retry.Every(World.Minute));
        world.Simulation.Await(worker.Ready);
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Count("start job") == 1);
        world.Broker.Block("alarm");

        world.Simulation.RunFor(TimeSpan.FromSeconds(20));
        var content = world.Broker.ContentOf(World.Queue);
        Assert.True(content.Unsettled == 1 || content.Delayed == 1, $"the job is gone: {content}");

        world.Broker.Unblock();
        world.Simulation.RunUntil(() => world.IsDrained && world.Count("end job") == 1);
        Assert.Equal(2, world.Count("start job"));
    });

    [Fact]
    public void A_job_whose_successor_is_refused_stays_unacked_until_it_is_taken() => World.ForSeeds(50, world =>
    {
        var worker = world.Worker((_, _) => throw new JobNotRetryableException("broken"));
        world.Simulation.Await(worker.Ready);
        world.Enqueue(worker, "job");
        world.Broker.RejectPublishes(3, "full");
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1);
        world.Simulation.RunUntil(() => world.IsDrained);

        Assert.Equal(1, world.Count("start job"));
    });

    [Fact]
    public void A_job_that_no_attempt_can_help_is_a_dead_letter_after_its_first() => World.ForSeeds(20, world =>
    {
        var worker = world.Worker((_, _) => throw new JobNotRetryableException("not a picture"));
        world.Enqueue(worker, "job", new EnqueueOptions { Id = new JobId("id-1"), Type = "resize" });
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1 && world.IsDrained);

        var dead = Assert.Single(world.Take("work.dead"));
        Assert.Equal("id-1", dead.Id.Value);
        Assert.Equal("resize", dead.Type);
        Assert.Equal("job", World.Text(dead.Body));
        Assert.Equal(FailureReason.NotRetryable, dead.Failure!.Reason);
        Assert.Equal("not a picture", dead.Failure.Error);
        Assert.Equal(1, dead.Failure.Attempts);
        Assert.Equal("work", dead.Failure.Queue);
    });

    [Fact]
    public void A_job_that_always_fails_is_a_dead_letter_after_its_last_attempt() => World.ForSeeds(20, world =>
    {
        var worker = world.Worker(
            (_, _) => throw new InvalidOperationException("no"), retry: Retry.Exponential(maxAttempts: 4));
        world.Enqueue(worker, "job");
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1 && world.IsDrained);

        Assert.Equal(4, world.Count("start job"));
        var failure = Assert.Single(world.Take("work.dead")).Failure!;
        Assert.Equal(FailureReason.AttemptsExhausted, failure.Reason);
        Assert.Equal(4, failure.Attempts);
        Assert.Contains("InvalidOperationException: no", failure.Error, StringComparison.Ordinal);
    });

    [Fact]
    public void A_job_of_an_unknown_type_waits_for_a_worker_that_knows_it() => World.ForSeeds(20, world =>
    {
        var old = TypedWorker(world, "resize");
        world.Enqueue(old, "1", new EnqueueOptions { Type = "rotate" });
        world.Simulation.RunFor(World.Minute);
        Assert.DoesNotContain("run 1", world.Events);

        _ = TypedWorker(world, "rotate");
        world.Simulation.Await(() => old.DrainAsync());
        world.Simulation.RunUntil(() => world.Count("run 1") == 1 && world.IsDrained);
    });

    [Fact]
    public void A_job_of_a_type_that_nobody_knows_for_long_is_a_dead_letter() => World.ForSeeds(20, world =>
    {
        var worker = TypedWorker(world, "resize");
        world.Enqueue(worker, "1", new EnqueueOptions { Type = "rotate" });
        world.Simulation.RunUntil(() => world.Broker.ContentOf("work.dead").Ready == 1 && world.IsDrained);

        var failure = Assert.Single(world.Take("work.dead")).Failure!;
        Assert.Equal(FailureReason.UnknownType, failure.Reason);
        Assert.Equal(0, failure.Attempts);
        Assert.Contains("'rotate'", failure.Error, StringComparison.Ordinal);
    });

    [Fact]
    public void A_job_is_not_run_before_its_time_however_many_steps_the_delay_takes() => World.ForSeeds(20, world =>
    {
        var start = world.Simulation.Time.GetUtcNow();
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Enqueue(worker, "job", new EnqueueOptions { Delay = TimeSpan.FromHours(30) });
        world.Simulation.RunUntil(() => world.Count("end job") == 1);

        var waited = world.Simulation.Time.GetUtcNow() - start;
        Assert.InRange(waited, TimeSpan.FromHours(30) - SettlementRules.DueTolerance, TimeSpan.FromHours(30.01));
    });

    private static JobHost TypedWorker(World world, string type) => world.Start(new JobSystemBuilder()
        .UseInMemory(world.Broker)
        .AddQueue(World.Queue)
        .AddHandler<int>(type, (number, _, _) =>
        {
            world.Events.Add($"run {number}");
            return Task.CompletedTask;
        }, job => job.Queue(World.Queue)));
}
