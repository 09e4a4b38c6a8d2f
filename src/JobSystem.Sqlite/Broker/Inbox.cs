using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// What waits for the writer, in order, from any thread. Bounded by its senders: each has only so much on its way.
/// All but <see cref="Add"/> and <see cref="Wake"/> are for the writer's thread.
/// Ends: closed by the writer; what waits then and what comes later is abandoned.
/// </summary>
internal sealed class Inbox
{
    private const int Turns = 50;

    // Null: there is no work, but a reason to look around. The writer's thread is woken by the sender's, not by a
    // third one of the pool.
    private readonly Channel<Work?> _works = Channel.CreateUnbounded<Work?>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private Task<bool>? _waiting;
    private volatile TransportFailure? _closedBecause;

    public bool IsEmpty => !_works.Reader.TryPeek(out _);

    public void Add(Work work)
    {
        if (!_works.Writer.TryWrite(work))
        {
            work.Abandoned(_closedBecause!);
        }
    }

    /// <summary>Lets the writer look at everything anew.</summary>
    public void Wake() => _works.Writer.TryWrite(null);

    public bool TryTake([NotNullWhen(true)] out Work? work)
    {
        while (_works.Reader.TryRead(out work))
        {
            if (work is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until there is work or a reason to look around, or for so long.</summary>
    public void Wait(TimeSpan atMost)
    {
        if (!ComesSoon())
        {
            _waiting ??= _works.Reader.WaitToReadAsync().AsTask();
            if (!_waiting.Wait(atMost))
            {
                return;
            }

            _waiting = null;
        }

        // The writer looks around after each wait: these are done. One that comes later ends the next wait.
        while (_works.Reader.TryPeek(out var work) && work is null)
        {
            _works.Reader.TryRead(out _);
        }
    }

    public void Close(TransportFailure failure)
    {
        _closedBecause = failure;
        _works.Writer.Complete();
        while (TryTake(out var work))
        {
            work.Abandoned(failure);
        }
    }

    /// <summary>
    /// Who has just been answered often asks again at once: that is sooner than a thread sleeps and wakes.
    /// </summary>
    private bool ComesSoon()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            if (_works.Reader.TryPeek(out _))
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }
}
