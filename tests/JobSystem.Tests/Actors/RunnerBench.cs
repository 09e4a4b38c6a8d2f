using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>A job runner with its workers; consumers, publisher and drain are probes. A job ends as told.</summary>
internal sealed class RunnerBench
{
    private readonly Dictionary<string, TaskCompletionSource> _work = [];
    private ulong _lastTag;

    public RunnerBench(int slots, ulong seed = 1)
    {
        Bench = new ActorBench(seed: seed);
        (Publisher, Drain) = (Bench.Probe(), Bench.Probe());
        Bench.Catalog.AddRaw(ActorBench.Queue, ActorBench.Binding(async (context, cancel) =>
        {
            var id = BodyOf(context);
            Started.Add(id);
            Tokens[id] = cancel;
            await WorkOf(id).Task.WaitAsync(cancel);
        }));
        var queue = new QueueOptions { Name = ActorBench.Queue, Concurrency = slots };
        var runNumbers = new RunNumbers();
        Runner = Bench.Start(
            () => new JobRunner(
                Bench.WorkerSettings, queue, ActorBench.Ref<PublisherMessage>(Publisher), runNumbers),
            "runner");
    }

    public ActorBench Bench { get; }

    public TestProbe Publisher { get; }

    public TestProbe Drain { get; }

    public Ref<RunnerMessage> Runner { get; }

    /// <summary>The jobs whose handler was called, in order.</summary>
    public List<string> Started { get; } = [];

    public Dictionary<string, CancellationToken> Tokens { get; } = [];

    /// <summary>A consumer that has told its runner that it is there.</summary>
    public TestProbe Consumer()
    {
        var consumer = Bench.Probe();
        Runner.Tell(new RunnerMessage.ConsumerStarted(ActorBench.Ref<ConsumerMessage>(consumer)));
        Bench.Run();
        return consumer;
    }

    /// <summary>Returns its tag.</summary>
    public ulong Arrive(TestProbe consumer, string id, Lane lane = Lane.Work, bool redelivered = false) =>
        Arrive(consumer, ActorBench.Ours(id), lane, redelivered);

    public ulong Arrive(
        TestProbe consumer, Job job, Lane lane = Lane.Work, bool redelivered = false, TimeSpan? delayLeft = null)
    {
        Runner.Tell(new RunnerMessage.JobArrived(new Arrival(
            new Delivery(job, ++_lastTag, redelivered, Losses: 0) { DelayLeft = delayLeft }, lane,
            ActorBench.Ref<ConsumerMessage>(consumer))));
        Bench.Run();
        return _lastTag;
    }

    public void Finish(string id)
    {
        WorkOf(id).SetResult();
        Bench.Run();
    }

    public void ExpectSettled(TestProbe consumer, ulong tag, bool ack)
    {
        var settle = Bench.Expect<ConsumerMessage.Settle>(consumer);
        Assert.Equal((tag, ack), (settle.Tag, settle.Ack));
    }

    /// <summary>Its channel is gone, and the runner has heard of it.</summary>
    public void Stop(TestProbe consumer)
    {
        Bench.System.Stop(consumer.Ref);
        Bench.Run();
    }

    public IActorRef Worker(int slot) => Bench.ChildOf(Runner.Actor, $"worker-{slot}");

    public QueueSnapshot Snapshot()
    {
        var probe = Bench.Probe();
        Runner.Tell(new RunnerMessage.GetSnapshot(ActorBench.Ref<MonitorMessage>(probe)));
        return Bench.Expect<MonitorMessage.QueueSeen>(probe).Queue;
    }

    public void BeginDrain()
    {
        Runner.Tell(new RunnerMessage.Drain(ActorBench.Ref<DrainMessage>(Drain)));
        Bench.Run();
    }

    private TaskCompletionSource WorkOf(string id)
    {
        if (!_work.TryGetValue(id, out var work))
        {
            _work.Add(id, work = new TaskCompletionSource());
        }

        return work;
    }

    private static string BodyOf(JobContext context) => System.Text.Encoding.UTF8.GetString(context.Body.Span);
}
