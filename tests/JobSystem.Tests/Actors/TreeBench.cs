using System.Text;
using Akka.Actor;
using JobSystem.TestKit;

namespace JobSystem.Tests.Actors;

/// <summary>A whole tree in a simulated actor system, on a scripted broker. Its actors fail at will.</summary>
internal sealed class TreeBench
{
    private readonly Dictionary<string, TaskCompletionSource> _work = [];

    public TreeBench()
    {
        var builder = new JobSystemBuilder()
            .UseTransport(_ => Bench.Transport)
            .UseActorFaults(Bench.Faults)
            .Configure(options => options with { Name = "bench" })
            .AddQueue(ActorBench.Queue, queue => queue.Concurrency(2).Handle(async (context, cancel) =>
            {
                var id = context.Id.Value;
                Started.Add(id);
                Tokens[id] = cancel;
                await (_work[id] = new TaskCompletionSource()).Task.WaitAsync(cancel);
            }));
        Host = builder.StartIn(Bench.Simulation, Bench.System, "tree", loggerFactory: new BenchLogs(Bench.Log));
        Bench.Run();
    }

    public ActorBench Bench { get; } = new();

    public JobHost Host { get; }

    public List<string> Started { get; } = [];

    public Dictionary<string, CancellationToken> Tokens { get; } = [];

    /// <summary>The newest connections by role.</summary>
    public ScriptedConnection Connection(string role) =>
        Bench.Transport.Connections.Last(connection => connection.Name.EndsWith(role, StringComparison.Ordinal));

    public ScriptedConsumer Consumer => Connection("consume").Consumers.Last(
        consumer => consumer.Settings.Lane == Lane.Work);

    public ScriptedPublisher Publisher => Connection("publish").Publishers[^1];

    public IActorRef Part(string name) => Bench.ChildOf(Host.Guardian, name);

    /// <summary>The pauses of the first failures are shorter.</summary>
    public void RunThroughPause() => Bench.RunFor(TimeSpan.FromSeconds(2));

    public void Deliver(string id)
    {
        Consumer.Deliver(ActorBench.Ours(id), redelivered: Started.Contains(id));
        Bench.Run();
    }

    public void Finish(string id)
    {
        _work[id].SetResult();
        Bench.Run();
    }

    public Task<EnqueueResult> Enqueue(string body)
    {
        var answer = new TaskCompletionSource<EnqueueResult>();
        Bench.Simulation.Run(async () => answer.SetResult(await Host.Client.TryEnqueueAsync(
            Encoding.UTF8.GetBytes(body), new EnqueueOptions { Queue = ActorBench.Queue })));
        Bench.Run();
        return answer.Task;
    }
}
