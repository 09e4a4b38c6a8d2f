namespace JobSystem.TestKit;

/// <summary>The loop: one step after the other, on the thread and in the context of the simulation.</summary>
public sealed partial class Simulation
{
    /// <summary>Acts inside of the simulation: at once, also in the middle of a step.</summary>
    internal void InsideOrHere(Action act)
    {
        if (_running && _guard.IsOwner)
        {
            act();
            return;
        }

        Inside<object?>(() =>
        {
            act();
            return null;
        });
    }

    private void Loop(Func<bool> condition, TimeSpan until, string? waitedFor) => Inside<object?>(() =>
    {
        ExecutionContext clean = ExecutionContext.Capture()!; // what one actor puts in an AsyncLocal is its own
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
            else if (waitedFor is not null)
            {
                throw Stuck(waitedFor, until);
            }
            else
            {
                Time.AdvanceTo(until);
                break;
            }
        }

        ThrowIfEscaped();
        return null;
    });

    private SimulationException Stuck(string waitedFor, TimeSpan until)
    {
        if (until != TimeSpan.MaxValue)
        {
            return Failed($"{waitedFor} did not come in time");
        }

        return _guard.AwaitEscape() is { } escape
            ? Escaped(escape)
            : Failed($"nothing is left to run and no timer is set, but {waitedFor} did not come: it is stuck, or "
                + "waits for another thread");
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
        Turn turn = _ready.Take(chosen);
        Type? message = turn.Run();
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
        if (_guard.Admits(what))
        {
            _ready.Add(turn);
        }
    }

    private void ThrowIfEscaped()
    {
        if (_guard.Escape is { } escape)
        {
            throw Escaped(escape);
        }
    }

    private SimulationException Escaped(string escape) =>
        Failed($"something escaped to another thread; {escape}");

    private SimulationException Failed(string what) =>
        new($"Simulation with seed {Seed} at step {Steps}, after {Time.Elapsed} of virtual time: {what}.");

    /// <summary>Acts on this thread as the simulation's: with its awaits, tasks and random numbers of Akka.</summary>
    private T Inside<T>(Func<T> act)
    {
        if (_running)
        {
            throw new InvalidOperationException("The simulation is running: it cannot be run from inside itself.");
        }

        SynchronizationContext? outer = SynchronizationContext.Current;
        using (UseRandom())
        {
            try
            {
                _guard.MoveHere();
                _running = true;
                SynchronizationContext.SetSynchronizationContext(_context);
                var task = new Task<T>(act, TaskCreationOptions.DenyChildAttach);
                task.RunSynchronously(_scheduler);
                return task.GetAwaiter().GetResult();
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(outer);
                _running = false;
            }
        }
    }
}
