using System.Text;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;
using JobSystem.Processing;
using JobSystem.TestKit;
using Microsoft.Extensions.Logging;
using Xunit;
using ProbeKit = Akka.TestKit.Xunit2.TestKit;

namespace JobSystem.Tests.Actors;

/// <summary>
/// Single actors of the tree in a simulated actor system, with probes for those that they talk to: nothing depends on
/// real time. The kit is never disposed: its shutdown waits in real time.
/// </summary>
#pragma warning disable CA1001 // a kit over a simulated system is not disposed: its shutdown waits in real time
internal sealed class ActorBench
#pragma warning restore CA1001
{
    public const string Queue = "work";
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Ever = Timeout.InfiniteTimeSpan;

    private readonly ProbeKit _kit;

    public ActorBench(bool opensAtOnce = true, ulong seed = 1)
    {
        Simulation = new Simulation(seed, new SimulationOptions { MaxSteps = 500_000 });
        System = Simulation.StartSystem("bench", ClosingMailbox.Configuration);
        _kit = StartKit(System);
        Transport = new ScriptedTransport(opensAtOnce);
        Environment = new ActorEnvironment(Simulation.Time, seed, Faults);
        Observation = new Observation(
            Log, new JobMetrics(), new JobEvents("bench", System.EventStream, Log),
            (actor, cause, decision) => Failures.Add((actor.Name, cause, decision)));
        Broker = new BrokerAccess(Transport, "bench", TimeSpan.FromSeconds(10), new Disposals(Log));
    }

    public Simulation Simulation { get; }

    public ActorSystem System { get; }

    public ScriptedTransport Transport { get; }

    public ActorFaults Faults { get; } = new();

    public BenchLog Log { get; } = new();

    /// <summary>What supervisors told: which actor failed, why, and what was decided.</summary>
    public List<(string Actor, Exception Cause, string Decision)> Failures { get; } = [];

    public ActorEnvironment Environment { get; }

    public Observation Observation { get; }

    public BrokerAccess Broker { get; }

    public JobSystemOptions Options { get; init; } = new() { Name = "bench" };

    public WorkerSettings WorkerSettings => new(Queue, Options, Catalog, Environment, Observation);

    public HandlerCatalog Catalog { get; } = new();

    public TestProbe Probe(string? name = null) => _kit.CreateTestProbe(name);

    public static Ref<T> Ref<T>(TestProbe probe)
        where T : class => new(probe.Ref);

    public Ref<T> Start<T>(Func<TypedActor<T>> create, string? name = null)
        where T : class => new(System.ActorOf(ActorProps.Of(create), name));

    /// <summary>Everything that can happen now happens.</summary>
    public void Run() => Simulation.RunUntilIdle();

    public void RunFor(TimeSpan time) => Simulation.RunFor(time);

    /// <summary>Runs, and then this must be the next that the probe was told.</summary>
    public T Expect<T>(TestProbe probe)
    {
        Run();
        return probe.ExpectMsg<T>(TimeSpan.Zero);
    }

    public void ExpectNothing(TestProbe probe)
    {
        Run();
        probe.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>Everything of this kind that the probe was told; the rest is dropped.</summary>
    public IReadOnlyList<T> Drain<T>(TestProbe probe)
    {
        Run();
        var told = new List<T>();
        while (probe.HasMessages)
        {
            if (probe.ReceiveOne(TimeSpan.Zero) is T wanted)
            {
                told.Add(wanted);
            }
        }

        return told;
    }

    /// <summary>Makes the actor fail now, as a defect of its own would.</summary>
    public void Fail<TActor>(IActorRef actor)
    {
        Faults.FailNext<TActor>();
        actor.Tell(new object(), ActorRefs.NoSender);
        Run();
    }

    /// <summary>
    /// A kit makes its thread believe that it is inside of an actor until it is disposed; another test's handler that
    /// runs on that thread would find an actor's context.
    /// </summary>
    private static ProbeKit StartKit(ActorSystem system)
    {
        var (context, cell) = (SynchronizationContext.Current, InternalCurrentActorCellKeeper.Current);
        var kit = new ProbeKit(system);
        SynchronizationContext.SetSynchronizationContext(context);
        InternalCurrentActorCellKeeper.Current = cell;
        return kit;
    }

    public static bool HasEnded(IActorRef actor) => ((ActorRefWithCell)actor).Underlying.IsTerminated;

    public void AssertEnded(IActorRef actor)
    {
        var probe = Probe();
        probe.Watch(actor);
        Run();
        probe.ExpectTerminated(actor, TimeSpan.Zero);
    }

    /// <summary>The children of an actor by name. The order of Akka's own is no order.</summary>
    public IReadOnlyList<string> ChildrenOf(IActorRef actor)
    {
        Run();
        return [.. ((ActorRefWithCell)actor).Children.Select(child => child.Path.Name).Order(StringComparer.Ordinal)];
    }

    public IActorRef ChildOf(IActorRef actor, string name)
    {
        Run();
        var child = ((ActorRefWithCell)actor).Children.SingleOrDefault(
            each => each.Path.Name.StartsWith(name, StringComparison.Ordinal));
        Assert.NotNull(child);
        return child;
    }

    public static Job Ours(string id) => new()
    {
        Id = new JobId(id), Origin = JobOrigin.Ours, Body = Encoding.UTF8.GetBytes(id),
    };

    /// <summary>Of somebody who sends no id.</summary>
    public static Job Foreign(string id, string body) => new()
    {
        Id = new JobId(id), IdWasGiven = true, Body = Encoding.UTF8.GetBytes(body),
    };

    public static HandlerBinding Binding(
        Func<JobContext, CancellationToken, Task> run, RetryPolicy? retry = null, TimeSpan? timeout = null) =>
        new(null, retry ?? Retry.Every(Second), timeout ?? Ever, (context, cancel) => run(context, cancel));
}

/// <summary>Keeps what was logged.</summary>
internal sealed class BenchLog : ILogger
{
    public List<(int Id, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Add((eventId.Id, formatter(state, exception)));
}
