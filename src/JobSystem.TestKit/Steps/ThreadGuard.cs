namespace JobSystem.TestKit;

/// <summary>Knows the thread of a simulation, and notes the first thing that comes in from another one.</summary>
internal sealed class ThreadGuard
{
    /// <summary>Real time, and only in a run that has failed anyway: the other thread may be slow.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> _escape = new();
    private int _owner = Environment.CurrentManagedThreadId;

    internal bool IsOwner => Environment.CurrentManagedThreadId == _owner;

    /// <summary>What came in and the stack trace of its thread; null when nothing did.</summary>
    internal string? Escape => _escape.Task.IsCompleted ? _escape.Task.Result : null;

    internal void MoveHere() => _owner = Environment.CurrentManagedThreadId;

    /// <summary>To throw at a foreign thread could end the process: the simulation throws instead.</summary>
    internal bool Admits(object what)
    {
        if (!IsOwner)
        {
            _escape.TrySetResult($"{what} from another thread:{Environment.NewLine}{Environment.StackTrace}");
            return false;
        }

        return true;
    }

    /// <summary>What a stuck simulation misses may be on its way from another thread, which says more.</summary>
    internal string? AwaitEscape()
    {
        _escape.Task.Wait(_patience);
        return Escape;
    }
}
