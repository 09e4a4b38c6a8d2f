using System.Globalization;
using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Benchmarks.Workers;

/// <summary>
/// The engine between a delivery and its settle, without a broker: a consumer that delivers and takes settles, the
/// queue's runner, and its workers with an asynchronous handler that does nothing.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const string Queue = "work";

    private readonly ActorSystem _system = OwnActorSystem.Start(TimeProvider.System);
    private readonly ActorEnvironment _environment = new(TimeProvider.System, Seed: 1);
    private readonly Ref<RunnerMessage> _runner;

    public WorkerPool(int slots)
    {
        Slots = slots;
        var catalog = new HandlerCatalog();
        catalog.AddRaw(Queue, new HandlerBinding(
            null, Retry.None, Timeout.InfiniteTimeSpan, static async (_, _) => await Task.Yield()));
        var log = NullLogger.Instance;
        var observation = new Observation(
            log, new JobMetrics(), new JobEvents("benchmark", _system.EventStream, log), (_, _, _) => { });
        var settings = new WorkerSettings(Queue, new JobSystemOptions(), catalog, _environment, observation);
        var options = new QueueOptions { Name = Queue, Concurrency = slots };
        var nobody = new Ref<PublisherMessage>(_system.DeadLetters);
        var runNumbers = new RunNumbers();
        _runner = new(_system.ActorOf(ActorProps.Of(() => new JobRunner(settings, options, nobody, runNumbers))));
    }

    public int Slots { get; }

    /// <summary>Deliveries, made before anything is measured.</summary>
    public static Delivery[] Deliveries(int count, int round) =>
        [.. Enumerable.Range(0, count).Select(number => new Delivery(
            new Job
            {
                Id = new JobId(string.Create(CultureInfo.InvariantCulture, $"{round}-{number}")),
                Origin = JobOrigin.Ours,
                EnqueuedAt = DateTimeOffset.UnixEpoch,
            },
            (ulong)number + 1, Redelivered: false, Losses: 0))];

    /// <summary>Each job from its delivery to its settle, as many at a time as there are slots.</summary>
    public async Task RunAsync(Delivery[] deliveries)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = _system.ActorOf(ActorProps.Of(
            () => new Feeder(_environment, _runner, deliveries, Slots, done)));
        await done.Task;
        _system.Stop(consumer);
    }

    public void Dispose() => _system.Dispose();

    private sealed class Feeder(
        ActorEnvironment environment, Ref<RunnerMessage> runner, Delivery[] deliveries, int slots,
        TaskCompletionSource done) : TypedActor<ConsumerMessage>(environment)
    {
        private int _begun;
        private int _settled;

        protected override void PreStart()
        {
            runner.Tell(new RunnerMessage.ConsumerStarted(Self));
            while (_begun < slots)
            {
                Deliver();
            }
        }

        protected override void Receive(ConsumerMessage message)
        {
            if (message is not ConsumerMessage.Settle)
            {
                return;
            }

            if (++_settled == deliveries.Length)
            {
                done.SetResult();
            }
            else if (_begun < deliveries.Length)
            {
                Deliver();
            }
        }

        private void Deliver() => runner.Tell(
            new RunnerMessage.JobArrived(new Arrival(deliveries[_begun++], Lane.Work, Self)));
    }
}
