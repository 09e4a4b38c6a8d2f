using System.Diagnostics;
using Akka.Dispatch;

namespace JobSystem.TestKit;

/// <summary>Something that a simulation can choose to run next.</summary>
/// <param name="Target">An actor's queue, a timer, work, a task, or a continuation.</param>
/// <param name="State">What a continuation is given.</param>
internal readonly record struct Turn(object Target, object? State)
{
    /// <summary>The same in every process: numbers from 1 are actors.</summary>
    internal ulong TraceId => Target switch
    {
        ActorQueue queue => (ulong)queue.Number << 8,
        VirtualTimer => 1,
        Func<Task> => 2,
        IRunnable => 3,
        _ => 4,
    };

    public override string ToString() => Target switch
    {
        ActorQueue queue => queue.Path.ToString(),
        VirtualTimer => "a timer",
        Func<Task> work => $"work of {work.Target}",
        IRunnable => "work of a dispatcher",
        _ => $"a continuation of {(State as Action)?.Target ?? State}",
    };

    /// <summary>Runs it and returns the type of the message that it handled, if it is an actor and did.</summary>
    internal Type? Run()
    {
        switch (Target)
        {
            case ActorQueue queue:
                return queue.RunOnce();
            case VirtualTimer timer:
                timer.Fire();
                return null;
            case Func<Task> work:
                Begin(work);
                return null;
            case IRunnable run:
                run.Run();
                return null;
            case SendOrPostCallback callback:
                callback(State);
                return null;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Nobody awaits the work, so what it throws ends the run: as a turn of its own.</summary>
    private static async void Begin(Func<Task> work) => await work();
}
