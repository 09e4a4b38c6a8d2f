using System.Diagnostics;

namespace JobSystem.Actors;

/// <summary>Something that a simulation can choose to run next.</summary>
/// <param name="Target">An actor, a timer, work, or a continuation.</param>
/// <param name="State">What a continuation is given.</param>
internal readonly record struct Turn(object Target, object? State)
{
    internal ulong TraceId => Target switch
    {
        IRunnable runnable => runnable.TraceId,
        VirtualTimer => 1,
        Func<Task> => 2,
        _ => 3,
    };

    public override string ToString() => Target switch
    {
        IRunnable runnable => runnable.ToString()!,
        VirtualTimer => "a timer",
        Func<Task> work => $"work of {work.Target}",
        _ => $"a continuation of {(State as Action)?.Target ?? State}",
    };

    /// <summary>For all but actors.</summary>
    internal void Run()
    {
        switch (Target)
        {
            case VirtualTimer timer:
                timer.Fire();
                break;
            case Func<Task> work:
                _ = work();
                break;
            case SendOrPostCallback callback:
                callback(State);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
