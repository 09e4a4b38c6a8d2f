using Xunit.Sdk;

namespace JobSystem.Testing.Probes;

/// <summary>
/// What a probe has seen, in order, and a way to wait for more of it: by signal, never by sleeping. A wait
/// that is not fulfilled says what was awaited and what was seen instead.
/// </summary>
public sealed class Sightings<T>(string seer)
{
    /// <summary>Far longer than anything takes: to reach it is a failure, not slowness.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly List<T> _seen = [];
    private TaskCompletionSource _more = NewSignal();

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _seen.Count;
            }
        }
    }

    public void Add(T sighting)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _seen.Add(sighting);
            (signal, _more) = (_more, NewSignal());
        }

        signal.TrySetResult();
    }

    /// <summary>Waits for the <paramref name="number"/>th sighting, from 1.</summary>
    public async Task<T> NumberAsync(int number, string awaited)
    {
        await CountAsync(number, awaited);
        lock (_gate)
        {
            return _seen[number - 1];
        }
    }

    /// <summary>Waits until there are at least so many.</summary>
    public Task CountAsync(int count, string awaited) =>
        UntilAsync($"{awaited} ({count} in all)", seen => seen.Count >= count);

    /// <summary>Waits until what was seen is enough.</summary>
    /// <param name="awaited">What is missing, in words.</param>
    /// <param name="isEnough">Asked after each sighting, one question at a time.</param>
    public async Task UntilAsync(string awaited, Func<IReadOnlyList<T>, bool> isEnough)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (NotYet(isEnough) is { } more)
        {
            try
            {
                await more.WaitAsync(Remaining(started));
            }
            catch (TimeoutException)
            {
                throw new XunitException($"{seer} awaited {awaited} for {Deadline}, but saw {Describe()}.");
            }
        }
    }

    private static TimeSpan Remaining(long started)
    {
        var remaining = Deadline - TimeProvider.System.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private Task? NotYet(Func<IReadOnlyList<T>, bool> isEnough)
    {
        lock (_gate)
        {
            return isEnough(_seen) ? null : _more.Task;
        }
    }

    private string Describe()
    {
        var all = All;
        var last = string.Join("; ", all.TakeLast(10));
        return all.Count == 0 ? "nothing" : $"{all.Count}: {last}{(all.Count > 10 ? " (the last ten)" : "")}";
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
