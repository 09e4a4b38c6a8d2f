using System.Text;
using Akka.Actor;
using JobSystem.TestKit;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;

namespace JobSystem.Tests.Processing;

/// <summary>
/// A broker in memory and workers on one simulator: virtual time, seeded order. Everything is written down in
/// <see cref="Events"/> as it happens, so a test can assert on the order.
/// </summary>
internal sealed class World : IDisposable
{
    public const string Queue = "work";
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private int _processes;

    public World(ulong seed)
    {
        Simulation = new Simulation(seed, new SimulationOptions { MaxSteps = 2_000_000 });
        System = Simulation.StartSystem("world");
        Broker = new InMemoryBroker(new InMemoryBrokerOptions
        {
            Clock = Simulation.Time,
            Post = action => Simulation.Run(() =>
            {
                action();
                return Task.CompletedTask;
            }),
            LongestDelay = TimeSpan.FromHours(4),
        });
    }

    public Simulation Simulation { get; }

    /// <summary>Holds a tree for each process.</summary>
    public ActorSystem System { get; }

    public InMemoryBroker Broker { get; }

    public List<string> Events { get; } = [];

    /// <summary>Runs a test of the world for many seeds; a failure names its seed.</summary>
    public static void ForSeeds(int count, Action<World> test)
    {
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            using var world = new World(seed);
            try
            {
                test(world);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    $"seed={seed} steps={world.Simulation.Steps} " +
                    $"time={world.Simulation.Time.GetUtcNow():HH:mm:ss.fff}\n" +
                    string.Join("\n", world.Events), error);
            }
        }
    }

    /// <summary>A worker whose handler writes down each run's beginning and end.</summary>
    public JobHost Worker(
        Func<JobContext, CancellationToken, Task> handle,
        int slots = 4,
        RetryPolicy? retry = null,
        TimeSpan? timeout = null,
        Func<JobSystemOptions, JobSystemOptions>? configure = null,
        ITransport? transport = null) =>
        Start(new JobSystemBuilder()
            .UseTransport(_ => transport ?? new InMemoryTransport(Broker))
            .Configure(options => (configure ?? (same => same))(options with { Name = "worker" }))
            .AddQueue(Queue, queue => queue.Concurrency(slots).Handle(
                async (context, cancel) =>
                {
                    var body = Text(context.Body);
                    Events.Add($"start {body}");
                    await handle(context, cancel);
                    Events.Add($"end {body}");
                },
                job => job.Retry(retry ?? Retry.Exponential()).Timeout(timeout ?? TimeSpan.FromHours(1)))));

    /// <summary>A process that only enqueues.</summary>
    public JobHost Producer(Func<JobSystemOptions, JobSystemOptions>? configure = null) =>
        Start(new JobSystemBuilder()
            .UseInMemory(Broker)
            .Configure(options => (configure ?? (same => same))(options with { Name = "producer" })));

    /// <summary>Starts a process in this world.</summary>
    public JobHost Start(JobSystemBuilder builder) =>
        builder.StartIn(Simulation, System, $"process-{++_processes}");

    public Task Sleep(TimeSpan time, CancellationToken cancel = default) =>
        Task.Delay(time, Simulation.Time, cancel);

    public EnqueueResult Enqueue(JobHost server, string body, EnqueueOptions? options = null) =>
        Simulation.Await(() => server.Client.TryEnqueueAsync(
            Encoding.UTF8.GetBytes(body), (options ?? new EnqueueOptions()) with { Queue = Queue }));

    public Task<EnqueueResult> BeginEnqueue(JobHost server, string body, EnqueueOptions? options = null) =>
        Begin(() => server.Client.TryEnqueueAsync(
            Encoding.UTF8.GetBytes(body), (options ?? new EnqueueOptions()) with { Queue = Queue }));

    /// <summary>
    /// Starts work inside of the simulation, so that its continuations stay there, and does not wait.
    /// </summary>
    public Task<T> Begin<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>();
        Simulation.Run(async () =>
        {
            try
            {
                done.SetResult(await work());
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled();
            }
        });
        return done.Task;
    }

    /// <summary>Publishes a message that no client of ours made.</summary>
    public void PublishForeign(string body) => Simulation.Await(async () =>
    {
        var connection = await new InMemoryTransport(Broker).ConnectAsync("foreign", new Deaf());
        var confirmed = new TaskCompletionSource();
        await using var channel = await connection.OpenPublisherAsync(new Deaf(confirmed));
        channel.Publish(1, new Job { Id = new JobId("foreign"), Body = Encoding.UTF8.GetBytes(body) },
            new Destination(Queue));
        await confirmed.Task;
        await connection.DisposeAsync();
    });

    public bool IsDrained => Broker.ContentOf(Queue).Total == 0 && Broker.ContentOf(Queue + ".quarantine").Total == 0;

    public int Count(string happened) => Events.Count(line => line == happened);

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);

    /// <summary>The jobs of a lane, taken out of the broker.</summary>
    public IReadOnlyList<Job> Take(string queueName) => Simulation.Await(async () =>
    {
        var connection = await new InMemoryTransport(Broker).ConnectAsync("pull", new Deaf());
        var jobs = new List<Job>();
        await using var pull = await connection.OpenPullAsync();
        while (await connection.InspectAsync(queueName) is not null && await pull.GetAsync(queueName) is { } delivery)
        {
            jobs.Add(delivery.Job);
            await pull.AckAsync(delivery.Tag);
        }

        return jobs;
    });

    public void Dispose() => Broker.Dispose();

    private sealed class Deaf(TaskCompletionSource? confirmed = null) : IConnectionListener, IPublisherListener
    {
        public void OnConfirmed(ulong number, bool multiple) => confirmed?.TrySetResult();

        public void OnRejected(ulong number, string reason) =>
            confirmed?.TrySetException(new InvalidOperationException(reason));

        public void OnClosed(TransportFailure failure)
        {
        }

        public void OnBlocked(string reason)
        {
        }

        public void OnUnblocked()
        {
        }
    }
}
