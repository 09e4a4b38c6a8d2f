using Akka.Actor;
using Akka.Configuration;
using TimeProviderScheduler = JobSystem.Actors.TimeProviderScheduler;

namespace JobSystem.TestKit;

/// <summary>
/// Runs whole Akka.NET actor systems, and the asynchronous work they start, on the thread of the caller in an order
/// drawn from a seed: one message a step, in virtual time, which advances only when nothing can run.
/// </summary>
/// <remarks>
/// <para>The same seed gives the same run, in every process and on every machine: the same order, the same times, the
/// same <see cref="TraceHash"/>. Most seeds choose alike among all that can run; one in four favours some actors for a
/// while, so that others fall far behind.</para>
/// <para>Nothing runs elsewhere. What comes in from another thread (after <c>ConfigureAwait(false)</c>,
/// <c>Task.Run</c>, Akka's own <c>PipeTo</c>, <c>Task.Delay</c> without the clock) ends the run with a
/// <see cref="SimulationException"/> that holds the stack trace of that thread. A trap is <c>Task.WhenAll</c> or
/// <c>WhenAny</c> over tasks that continue asynchronously, as those of Akka's <c>Ask</c> do: .NET completes it on the
/// thread pool. Await them one after the other.</para>
/// <para>The code under test reads the time from <see cref="Time"/> or from the scheduler of its system, and takes
/// random numbers from <see cref="CreateRandom"/>. It must not depend on the order of a dictionary with string or
/// actor keys, which differs from process to process; the order of Akka's own is hidden by the simulation as long as
/// the code does not act on the order of <c>Context.GetChildren()</c>.</para>
/// <para>Not thread-safe: one thread uses it at a time. Several simulations may run on several threads.</para>
/// </remarks>
public sealed partial class Simulation
{
    private readonly ReadyList _ready = new();
    private readonly ThreadGuard _guard = new();
    private readonly SeededChoice _choice;
    private readonly StepTrace _trace;
    private readonly SimulationContext _context;
    private readonly SimulationScheduler _scheduler;
    private readonly Random _akkaRandom;
    private readonly long _maxSteps;
    private long _actors;
    private bool _running;

    /// <summary>A simulation at its beginning: no system, no step, no time passed.</summary>
    /// <param name="seed">Chooses the order of the steps and all random numbers. Every value is a good one.</param>
    /// <param name="options">Start of time, limit of steps, trace; null takes every default.</param>
    public Simulation(ulong seed, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        Seed = seed;
        Time = new VirtualTime(options.Start, () => _guard.Admits("a timer was set"));
        _choice = new SeededChoice(seed);
        _trace = new StepTrace(seed, options.OnStep);
        _context = new SimulationContext(this);
        _scheduler = new SimulationScheduler(this);
        _akkaRandom = CreateRandom("Akka");
        _maxSteps = options.MaxSteps;
    }

    /// <summary>What chooses. Print it where a run fails: it is all that a replay needs.</summary>
    public ulong Seed { get; }

    /// <summary>Virtual time: the clock of all systems. Advanced by the simulation alone.</summary>
    public VirtualTime Time { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// A hash of all choices, actors, message types and times so far. Two runs of one seed that differ in it have
    /// parted: something in them depends on more than the seed.
    /// </summary>
    public ulong TraceHash => _trace.Hash;

    /// <summary>
    /// Starts an actor system whose messages, timers and end belong to this simulation. Any number of systems can live
    /// in one simulation, and a step may start one. It costs a few milliseconds: prefer one system with a subtree for
    /// each simulated process.
    /// </summary>
    /// <param name="name">The name of the system: letters, digits and hyphens.</param>
    /// <param name="config">
    /// More configuration, or null. Dispatchers, scheduler, loggers and coordinated shutdown are the simulation's,
    /// whatever it says. An own dispatcher must be an alias: <c>mine = akka.actor.default-dispatcher</c>.
    /// </param>
    /// <returns>
    /// The system. <c>await system.Terminate()</c> ends it inside of the simulation; <c>Dispose</c> ends it outside
    /// and takes the steps that it needs.
    /// </returns>
    /// <exception cref="ConfigurationException">Akka does not accept the configuration.</exception>
    public ActorSystem StartSystem(string name, Config? config = null)
    {
        ActorSystem? started = null;
        InsideOrHere(() => started = TimeProviderScheduler.Start(Time, () =>
        {
            var system = new SimulatedSystem(this, name, config);
            system.Start();
            return system;
        }));
        return started!;
    }

    /// <summary>Random numbers of a stream: the same for the same seed and stream, whoever draws first.</summary>
    /// <param name="stream">Names the stream: the path of an actor, for example.</param>
    /// <returns>A new generator at the beginning of the stream.</returns>
    public Random CreateRandom(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ulong seed = StableHash.Mix(StableHash.Mix(StableHash.Start, Seed), stream);
        return new Random(StableHash.Fold32(seed));
    }

    /// <summary>Starts asynchronous work on a turn of its own. Nobody awaits it: what it throws ends the run.</summary>
    /// <param name="work">The work. Its awaits continue in the simulation.</param>
    public void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Add(new Turn(work, null), "work was started");
    }

    /// <summary>Takes steps until nothing can run now. Time stands; timers that are not due yet stay set.</summary>
    /// <exception cref="SimulationException">Too many steps, or something escaped.</exception>
    /// <exception cref="InvalidOperationException">
    /// Called from inside the simulation, which no method that takes steps allows.
    /// </exception>
    public void RunUntilIdle() => Loop(static () => false, Time.Elapsed, waitedFor: null);

    /// <summary>Takes steps, and advances time, until exactly so much time has passed.</summary>
    /// <param name="time">Virtual time, at least zero.</param>
    /// <exception cref="SimulationException">Too many steps, or something escaped.</exception>
    public void RunFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Loop(static () => false, Time.Elapsed + time, waitedFor: null);
    }

    /// <summary>Takes steps, and advances time, until the condition holds.</summary>
    /// <param name="condition">Evaluated before each step.</param>
    /// <param name="within">Virtual time in which it must hold; null waits as long as anything can happen.</param>
    /// <exception cref="SimulationException">
    /// It does not hold in that time, or nothing is left to run, or too many steps, or something escaped.
    /// </exception>
    public void RunUntil(Func<bool> condition, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Loop(condition, within is { } limit ? Time.Elapsed + limit : TimeSpan.MaxValue, "what was waited for");
    }

    /// <summary>Takes steps, and advances time, until the task has ended; throws what it threw.</summary>
    /// <param name="task">A task that this simulation completes.</param>
    /// <exception cref="SimulationException">It cannot end, or too many steps, or something escaped.</exception>
    public void Await(Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        RunUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Await(Task)"/>, with the task's result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="task">A task that this simulation completes.</param>
    /// <returns>The result.</returns>
    public T Await<T>(Task<T> task)
    {
        Await((Task)task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Starts work inside the simulation and takes steps until it has ended; throws what it threw.</summary>
    /// <param name="work">The work. Its awaits continue in the simulation.</param>
    public void Await(Func<Task> work) => Await(Inside(work));

    /// <summary>As <see cref="Await(Func{Task})"/>, with the work's result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The work. Its awaits continue in the simulation.</param>
    /// <returns>The result.</returns>
    public T Await<T>(Func<Task<T>> work) => Await(Inside(work));

    internal void Post(SendOrPostCallback callback, object? state) =>
        Add(new Turn(callback, state), (state as Action)?.Target ?? state ?? callback);

    internal void Schedule(ActorQueue actor)
    {
        if (_guard.Admits(actor.Path))
        {
            _ready.Add(actor);
        }
    }

    internal void Schedule(Akka.Dispatch.IRunnable run) => Add(new Turn(run, null), run);

    internal long NextActorNumber() => ++_actors;

    internal Task Follow(Task leader) => _scheduler.Follow(leader);

    /// <summary>Akka's own random numbers come from the seed until the scope ends.</summary>
    internal AkkaRandom.Scope UseRandom() => AkkaRandom.Use(_akkaRandom);
}
