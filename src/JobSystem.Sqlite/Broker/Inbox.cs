using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// What waits for the writer, in order, from any thread. Bounded by its senders: each has only so much on its way.
/// Ends: closed by the writer; what waits then and what comes later is abandoned.
/// </summary>
internal sealed class Inbox
{
    private const int Turns = 50;

    private readonly ConcurrentQueue<Work> _works = new();
    private readonly object _gate = new();
    private int _awake = 1;
    private volatile TransportFailure? _closedBecause;

    public bool IsEmpty => _works.IsEmpty;

    public void Add(Work work)
    {
        _works.Enqueue(work);
        if (_closedBecause is { } failure)
        {
            AbandonAll(failure);
        }
        else
        {
            Wake();
        }
    }

    public bool TryTake([NotNullWhen(true)] out Work? work) => _works.TryDequeue(out work);

    /// <summary>Lets the writer look at everything anew.</summary>
    public void Wake()
    {
        if (_closedBecause is null && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            lock (_gate)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits for the next wake, or for so long. For the writer only.</summary>
    public void Wait(TimeSpan atMost)
    {
        if (Interlocked.Exchange(ref _awake, 0) != 0 || IsWokenSoon())
        {
            return;
        }

        lock (_gate)
        {
            while (Volatile.Read(ref _awake) == 0 && Monitor.Wait(_gate, atMost))
            {
            }
        }
    }

    public void Close(TransportFailure failure)
    {
        _closedBecause = failure;
        AbandonAll(failure);
    }

    /// <summary>
    /// Who has just been answered often asks again at once: that is sooner than a thread sleeps and wakes.
    /// </summary>
    private bool IsWokenSoon()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            if (Volatile.Read(ref _awake) != 0)
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }

    /// <summary>Waits for so long, woken or not. For the writer only.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_gate)
        {
            Monitor.Wait(_gate, time);
        }
    }

    private void AbandonAll(TransportFailure failure)
    {
        while (_works.TryDequeue(out var work))
        {
            work.Abandoned(failure);
        }
    }
}
