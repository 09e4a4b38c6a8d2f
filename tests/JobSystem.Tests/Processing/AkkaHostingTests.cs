using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit;
using JobSystem.Monitoring;
using JobSystem.Transports.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>The job system in an actor system of the user's own, as Akka.Hosting runs it.</summary>
public sealed class AkkaHostingTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_job_systems_live_in_one_actor_system_under_different_names()
    {
        var ran = new TaskCompletionSource<string>();
        using var host = Build(services => services
            .AddAkka("mine", akka => akka
                .WithJobSystem(jobs => Worker(jobs, "images", ran))
                .WithJobSystem(jobs => jobs.UseInMemory(), "reports"))
            .AddJobClient()
            .AddJobClient("reports"));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var reports = host.Services.GetRequiredKeyedService<JobHost>("reports");

        await host.Services.GetRequiredService<JobClient>().TryEnqueueAsync(
            "cat"u8.ToArray(), new EnqueueOptions { Queue = "images" });

        Assert.Equal("cat", await ran.Task.WaitAsync(_deadline));
        Assert.Equal("mine", system.Name);
        Assert.Equal("/user/reports", reports.Guardian.Path.ToStringWithoutAddress());
        Assert.Same(reports, JobHosts.For(system)["reports"]);
        Assert.Equal(
            "/user/jobsystem",
            host.Services.GetRequiredService<IRequiredActor<JobSystemGuardianKey>>()
                .ActorRef.Path.ToStringWithoutAddress());
        await host.StopAsync();
    }

    [Fact]
    public async Task The_coordinated_shutdown_drains_before_anything_else_stops()
    {
        var broker = new InMemoryBroker();
        var (started, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var order = new List<string>();
        using var host = Build(services => services.AddAkka("mine", akka => akka
            .WithJobSystem(jobs => jobs
                .UseInMemory(broker)
                .AddQueue("work", queue => queue.Handle(async (_, _) =>
                {
                    started.SetResult();
                    await finish.Task;
                    order.Add("the job has finished");
                })))
            .AddStartup((system, _) => CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseServiceUnbind, "mine", () =>
                {
                    order.Add("the rest stops");
                    return Task.FromResult(Akka.Done.Instance);
                }))));
        await host.StartAsync();
        var jobs = JobHosts.For(host.Services.GetRequiredService<ActorSystem>())["jobsystem"];
        await jobs.Client.TryEnqueueAsync(default, new EnqueueOptions { Queue = "work" });
        await started.Task.WaitAsync(_deadline);

        var stop = host.StopAsync();
        finish.SetResult();
        await stop.WaitAsync(_deadline);

        Assert.Equal(["the job has finished", "the rest stops"], order);
        Assert.Equal(0, broker.ContentOf("work").Total);
    }

    [Fact]
    public async Task The_phase_of_the_drain_gives_a_job_more_than_the_five_seconds_of_a_usual_phase()
    {
        using var host = Build(services => services.AddAkka("mine", akka => akka.WithJobSystem(
            jobs => jobs.UseInMemory())));
        await host.StartAsync();

        var shutdown = CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>());

        Assert.Equal(TimeSpan.FromDays(1), shutdown.Timeout(JobSystemAkkaExtensions.DrainPhase));
        await host.StopAsync();
    }

    [Fact]
    public async Task An_actor_system_that_terminates_under_the_job_system_ends_it_and_answers_who_waits()
    {
        var broker = new InMemoryBroker();
        broker.Stop();
        var system = ActorSystem.Create("mine");
        var jobs = new JobSystemBuilder().UseInMemory(broker).StartIn(system);
        var waiting = jobs.Client.TryEnqueueAsync(default, new EnqueueOptions { Queue = "work" });

        await system.Terminate().WaitAsync(_deadline);
        await jobs.Stopped.WaitAsync(_deadline);

        Assert.True(jobs.EndedUnasked);
        Assert.IsType<EnqueueResult.Rejected>(await waiting.WaitAsync(_deadline));
        Assert.IsType<EnqueueResult.Rejected>(await jobs.Client.TryEnqueueAsync(
            default, new EnqueueOptions { Queue = "work" }).WaitAsync(_deadline));
        Assert.False((await jobs.DrainAsync().WaitAsync(_deadline)).IsComplete);
        await Assert.ThrowsAsync<InvalidOperationException>(() => jobs.SnapshotAsync().WaitAsync(_deadline));
    }

    [Theory]
    [InlineData("jobsystem = 5")]
    [InlineData("jobsystem.mailbox = off")]
    [InlineData("jobsystem.mailbox.mailbox-type = \"No.Such, Type\"")]
    public async Task HOCON_that_takes_the_name_of_our_mailbox_is_refused_with_what_to_remove(string hocon)
    {
        var system = ActorSystem.Create("mine", hocon);

        var problem = Assert.Single(Assert.Throws<JobSystemConfigurationException>(
            () => new JobSystemBuilder().UseInMemory().StartIn(system)).Problems);

        Assert.Contains("jobsystem.mailbox", problem, StringComparison.Ordinal);
        Assert.Contains("Remove it", problem, StringComparison.Ordinal);
        await system.Terminate().WaitAsync(_deadline);
    }

    [Fact]
    public async Task HOCON_with_unknown_keys_and_settings_of_its_own_changes_nothing()
    {
        var ran = new TaskCompletionSource<string>();
        var system = ActorSystem.Create("mine", """
            jobsystem.nonsense = [1, 2]
            akka.nonsense { a = 1, a = on }
            akka.actor.default-dispatcher.throughput = 1
            akka.actor.default-mailbox.mailbox-type = "Akka.Dispatch.UnboundedDequeBasedMailbox, Akka"
            akka.log-dead-letters = 10
            """);
        await using var jobs = Worker(new JobSystemBuilder().UseInMemory(), "images", ran).StartIn(system);

        await jobs.Client.TryEnqueueAsync("cat"u8.ToArray(), new EnqueueOptions { Queue = "images" });

        Assert.Equal("cat", await ran.Task.WaitAsync(_deadline));
        await jobs.DisposeAsync();
        await system.Terminate().WaitAsync(_deadline);
    }

    /// <summary>
    /// On the calling thread an actor runs before the call that starts it has returned, as it does on a busy machine
    /// whenever its parent is preempted there.
    /// </summary>
    [Fact]
    public async Task An_actor_that_runs_before_its_siblings_were_started_knows_both_connections()
    {
        var system = ActorSystem.Create("mine", $$"""
            akka.actor.default-dispatcher {
              type = "{{typeof(CallingThreadDispatcherConfigurator).AssemblyQualifiedName}}"
            }
            """);
        var jobs = new JobSystemBuilder().UseInMemory()
            .AddQueue("work", static queue => queue.Handle(static (_, _) => Task.CompletedTask)).StartIn(system);
        await jobs.Ready.WaitAsync(_deadline);

        var snapshot = await jobs.SnapshotAsync().WaitAsync(_deadline);

        Assert.Equal(["consume", "publish"], snapshot.Connections.Select(static connection => connection.Role));
        Assert.All(snapshot.Connections, static connection => Assert.Equal(ConnectionState.Up, connection.State));
        Assert.Equal("work", Assert.Single(snapshot.Queues).Name);
        await system.Terminate().WaitAsync(_deadline);
    }

    [Fact]
    public async Task The_end_of_a_job_system_leaves_a_foreign_actor_system_alone()
    {
        var system = ActorSystem.Create("mine");
        var jobs = new JobSystemBuilder().UseInMemory().StartIn(system);

        await jobs.DisposeAsync().AsTask().WaitAsync(_deadline);

        Assert.False(system.WhenTerminated.IsCompleted);
        for (var time = 0; time < 200; time++)
        {
            var next = new JobSystemBuilder().UseInMemory().StartIn(system); // its name is free at once
            await next.DisposeAsync().AsTask().WaitAsync(_deadline);
        }

        await system.Terminate().WaitAsync(_deadline);
    }

    [Fact]
    public async Task Two_job_systems_of_one_name_in_one_actor_system_are_refused_with_the_name()
    {
        var system = ActorSystem.Create("mine");
        await using var first = new JobSystemBuilder().UseInMemory().StartIn(system);

        var problem = Assert.Single(Assert.Throws<JobSystemConfigurationException>(
            () => new JobSystemBuilder().UseInMemory().StartIn(system)).Problems);

        Assert.Contains("/user/jobsystem", problem, StringComparison.Ordinal);
        Assert.Contains("another name", problem, StringComparison.Ordinal);
        await first.Ready.WaitAsync(_deadline);
        Assert.Throws<JobSystemConfigurationException>(() => Build(services => services.AddAkka("mine", akka => akka
            .WithJobSystem(jobs => jobs.UseInMemory())
            .WithJobSystem(jobs => jobs.UseInMemory()))).Services.GetRequiredService<ActorSystem>());
        await first.DisposeAsync();
        await system.Terminate().WaitAsync(_deadline);
    }

    [Fact]
    public async Task A_handler_that_reaches_for_the_actor_context_fails_with_a_clear_error()
    {
        var broker = new InMemoryBroker();
        var system = ActorSystem.Create("mine");
        await using var jobs = new JobSystemBuilder()
            .UseInMemory(broker)
            .AddQueue("work", queue => queue.Handle(
                (_, _) =>
                {
                    Intruder.StartChild();
                    return Task.CompletedTask;
                },
                job => job.Retry(Retry.None)))
            .StartIn(system);
        var failed = new TaskCompletionSource<JobFailure>();
        system.EventStream.Subscribe(
            system.ActorOf(Props.Create(() => new Deaths(failed))), typeof(JobDeadLettered));
        await jobs.Ready.WaitAsync(_deadline);

        await jobs.Client.TryEnqueueAsync(default, new EnqueueOptions { Queue = "work" });

        var failure = await failed.Task.WaitAsync(_deadline);
        Assert.Contains("no active ActorContext", failure.Error, StringComparison.Ordinal);
        await jobs.DisposeAsync();
        await system.Terminate().WaitAsync(_deadline);
    }

    [Fact]
    public async Task The_configuration_wins_over_code_and_an_operator_tunes_a_queue_by_its_name()
    {
        using var host = Build(
            services => services.AddJobSystem(jobs => Worker(jobs, "images", new TaskCompletionSource<string>())
                .Configure(options => options with { Name = "code", MaxUnconfirmed = 7 })),
            ("JobSystem:Name", "section"), ("JobSystem:Queues:images:Concurrency", "3"));
        await host.StartAsync();

        var snapshot = await host.Services.GetRequiredService<JobHost>().SnapshotAsync().WaitAsync(_deadline);

        Assert.Equal("section", snapshot.Worker);
        Assert.Equal(3, Assert.Single(snapshot.Queues).Slots);
        await host.StopAsync();
    }

    [Fact]
    public void Unknown_keys_and_unreadable_values_of_the_configuration_are_all_named_at_once()
    {
        using var host = Build(
            services => services.AddJobSystem(jobs => jobs.UseInMemory().Configure(
                options => options with { BrokerDeadline = TimeSpan.Zero })),
            ("JobSystem:DrainTimout", "00:00:10"), ("JobSystem:MaxUnconfirmed", "many"),
            ("JobSystem:Queues:images:Concurency", "3"));

        var problems = Assert.Throws<JobSystemConfigurationException>(
            () => host.Services.GetRequiredService<JobHost>()).Problems;

        Assert.Contains(problems, problem => problem.StartsWith(
            "JobSystem:DrainTimout is no setting. There are:", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains(
            "JobSystem:MaxUnconfirmed is 'many'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith(
            "JobSystem:Queues:images:Concurency is no setting", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("BrokerDeadline", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Liveness_ignores_the_broker_and_readiness_does_not()
    {
        var broker = new InMemoryBroker();
        broker.Stop();
        using var host = Build(services => services.AddJobSystem(jobs => jobs.UseInMemory(broker)));
        await host.StartAsync();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var live = await health.CheckHealthAsync(check => check.Tags.Contains("live"));
        var ready = await health.CheckHealthAsync(check => check.Tags.Contains("ready"));

        Assert.Equal(HealthStatus.Healthy, live.Status);
        Assert.Equal(HealthStatus.Degraded, ready.Status);
        await host.StopAsync();
    }

    private static JobSystemBuilder Worker(
        JobSystemBuilder jobs, string queue, TaskCompletionSource<string> ran) => jobs
        .UseInMemory()
        .AddQueue(queue, each => each.Handle((context, _) =>
        {
            ran.TrySetResult(Encoding.UTF8.GetString(context.Body.Span));
            return Task.CompletedTask;
        }));

    private static IHost Build(
        Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        configure(builder.Services);
        return builder.Build();
    }

    /// <summary>An actor whose context a handler tries to use.</summary>
    private sealed class Intruder : UntypedActor
    {
        public static void StartChild() => Context.ActorOf<Intruder>();

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class Deaths : ReceiveActor
    {
        public Deaths(TaskCompletionSource<JobFailure> failed) =>
            Receive<JobDeadLettered>(letter => failed.TrySetResult(letter.Failure));
    }
}
