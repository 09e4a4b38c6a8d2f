namespace JobSystem.Actors;

/// <summary>
/// Runs actors, and the asynchronous work they start, on one thread in an order drawn from a seed: one message a
/// step, in virtual time, which advances only when nothing can run. The same seed gives the same run.
/// </summary>
/// <remarks>
/// It owns the choice, the clock and the trace. Most seeds choose alike among all that can run; one in four favours
/// some for a while, so that others fall far behind. It promises that nothing runs elsewhere: what comes in from
/// another thread (after <c>ConfigureAwait(false)</c>, <c>Task.Run</c>, <c>Task.Delay</c> without the clock) ends
/// the run with a <see cref="SimulationException"/> that names it.
/// </remarks>
public sealed class SimulationDispatcher : IDispatcher
{
    private readonly List<Turn> _ready = [];
    private readonly SimulationChoice _choice;
    private readonly SimulationTrace _trace;
    private readonly SimulationContext _context;
    private readonly long _maxSteps;
    private ulong _streams;
    private int _thread = Environment.CurrentManagedThreadId;
    private bool _running;
    private volatile string? _escape;

    /// <summary>A simulation at its beginning.</summary>
    /// <param name="seed">Chooses the order of the steps and all random numbers.</param>
    /// <param name="options">Start, limits, trace; null takes every default.</param>
    public SimulationDispatcher(ulong seed, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        Seed = seed;
        Time = new VirtualTime(options.Start, () => IsOwnThread("a timer was set"));
        _choice = new SimulationChoice(seed);
        _trace = new SimulationTrace(seed, options.OnStep);
        _context = new SimulationContext(this);
        _maxSteps = options.MaxSteps;
    }

    /// <summary>What chooses; print it where a run fails.</summary>
    public ulong Seed { get; }

    /// <summary>Virtual time; advanced by the simulation alone.</summary>
    public VirtualTime Time { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>A hash of all choices, actors, message types and times so far: the same for the same seed.</summary>
    public ulong TraceHash => _trace.Hash;

    /// <inheritdoc/>
    public TimeProvider Clock => Time;

    /// <inheritdoc/>
    public Random CreateRandom(ulong stream) => new(Trace.Fold32(Trace.Mix(Trace.Mix(Trace.Start, Seed), stream)));

    /// <inheritdoc/>
    public ulong NextStream() => Trace.Mix(Trace.Start, ++_streams);

    /// <inheritdoc/>
    public void Schedule(IRunnable runnable) => Add(new Turn(runnable, null), "an actor was told something");

    /// <inheritdoc/>
    public void Run(Func<Task> work) => Add(new Turn(work, null), "work was started");

    /// <summary>Takes steps until nothing can run now. Time stands; timers that are not due yet stay set.</summary>
    public void RunUntilIdle() => Loop(static () => false, TimeSpan.Zero, mustHold: false);

    /// <summary>Takes steps, and advances time, until so much time has passed.</summary>
    public void RunFor(TimeSpan time) => Loop(static () => false, time, mustHold: false);

    /// <summary>Takes steps, and advances time, until the condition holds.</summary>
    /// <exception cref="SimulationException">It does not hold, and nothing is left to run.</exception>
    public void RunUntil(Func<bool> condition) => Loop(condition, TimeSpan.MaxValue, mustHold: true);

    /// <summary>Takes steps, and advances time, until the task has ended; throws what it threw.</summary>
    public void Await(Task task)
    {
        RunUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Await(Task)"/>, with the task's result.</summary>
    public T Await<T>(Task<T> task)
    {
        Await((Task)task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Starts work inside the simulation and takes steps until it has ended; throws what it threw.</summary>
    public void Await(Func<Task> work) => Await(Started(work));

    /// <summary>As <see cref="Await(Func{Task})"/>, with the work's result.</summary>
    public T Await<T>(Func<Task<T>> work) => Await(Started(work));

    internal void Post(SendOrPostCallback callback, object? state) =>
        Add(new Turn(callback, state), (state as Action)?.Target ?? state ?? callback);

    private TTask Started<TTask>(Func<TTask> work)
    {
        using (Enter())
        {
            return work();
        }
    }

    private void Loop(Func<bool> condition, TimeSpan time, bool mustHold)
    {
        TimeSpan until = time == TimeSpan.MaxValue ? time : Time.Elapsed + time;
        ExecutionContext clean = ExecutionContext.Capture()!; // what one actor puts in an AsyncLocal is its own
        using (Enter())
        {
            while (!condition())
            {
                if (_ready.Count > 0)
                {
                    Step();
                    ExecutionContext.Restore(clean);
                }
                else if (Time.TryAdvanceToNext(until))
                {
                    AddDueTimers();
                }
                else if (mustHold)
                {
                    throw Failed("nothing is left to run and no timer is set, but what was waited for did not "
                        + "come: it is stuck, or waits for another thread");
                }
                else
                {
                    Time.AdvanceTo(until);
                    break;
                }
            }

            ThrowIfEscaped();
        }
    }

    private void Step()
    {
        ThrowIfEscaped();
        if (++Steps > _maxSteps)
        {
            throw Failed($"more than {_maxSteps} steps: it seems to be endless");
        }

        int count = _ready.Count;
        int chosen = _choice.Next(_ready);
        Turn turn = _ready[chosen];
        _ready[chosen] = _ready[count - 1];
        _ready.RemoveAt(count - 1);
        Type? message = null;
        if (turn.Target is IRunnable actor)
        {
            (bool more, message) = actor.Run(1);
            if (more)
            {
                _ready.Add(turn);
            }
        }
        else
        {
            turn.Run();
        }

        _trace.Record(Steps, Time.Elapsed, turn, count, chosen, message);
    }

    private void AddDueTimers()
    {
        while (Time.TakeDue() is { } timer)
        {
            _ready.Add(new Turn(timer, null));
        }
    }

    private void Add(Turn turn, object what)
    {
        if (IsOwnThread(what))
        {
            _ready.Add(turn);
        }
    }

    /// <summary>
    /// A foreign thread is not thrown at (that could end the process): the simulation throws instead.
    /// </summary>
    private bool IsOwnThread(object what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        _escape ??= $"{what} from another thread:{Environment.NewLine}{Environment.StackTrace}";
        return false;
    }

    private void ThrowIfEscaped()
    {
        if (_escape is { } escape)
        {
            throw Failed($"something escaped to another thread; {escape}");
        }
    }

    private SimulationException Failed(string what) =>
        new($"Simulation with seed {Seed} at step {Steps}, after {Time.Elapsed} of virtual time: {what}.");

    private Entry Enter()
    {
        if (_running)
        {
            throw new InvalidOperationException("The simulation is running: it cannot be run from inside itself.");
        }

        return new Entry(this);
    }

    /// <summary>The time in which this thread is the simulation's.</summary>
    private readonly struct Entry : IDisposable
    {
        private readonly SimulationDispatcher _dispatcher;
        private readonly SynchronizationContext? _outer;

        internal Entry(SimulationDispatcher dispatcher)
        {
            _dispatcher = dispatcher;
            _outer = SynchronizationContext.Current;
            dispatcher._thread = Environment.CurrentManagedThreadId;
            dispatcher._running = true;
            SynchronizationContext.SetSynchronizationContext(dispatcher._context);
        }

        public void Dispose()
        {
            SynchronizationContext.SetSynchronizationContext(_outer);
            _dispatcher._running = false;
        }
    }
}
