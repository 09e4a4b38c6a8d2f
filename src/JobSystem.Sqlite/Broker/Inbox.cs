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

    // Null: there is no operation, but a reason to look around. The writer's thread is woken by the sender's, not by a
    // third one of the pool.
    private readonly Channel<Operation?> _operations = Channel.CreateUnbounded<Operation?>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private Task<bool>? _waiting;
    private volatile TransportFailure? _closedBecause;

    public bool IsEmpty => !_operations.Reader.TryPeek(out _);

    public void Add(Operation operation)
    {
        if (!_operations.Writer.TryWrite(operation))
        {
            operation.Abandoned(_closedBecause!);
        }
    }

    /// <summary>Lets the writer look at everything again.</summary>
    public void Wake() => _operations.Writer.TryWrite(null);

    public bool TryTake([NotNullWhen(true)] out Operation? operation)
    {
        while (_operations.Reader.TryRead(out operation))
        {
            if (operation is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until there is an operation or a reason to look around, or for so long.</summary>
    public void Wait(TimeSpan atMost)
    {
        if (!ComesSoon())
        {
            _waiting ??= _operations.Reader.WaitToReadAsync().AsTask();
            if (!_waiting.Wait(atMost))
            {
                return;
            }

            _waiting = null;
        }

        // The writer looks around after each wait: these are done. One that comes later ends the next wait.
        while (_operations.Reader.TryPeek(out var operation) && operation is null)
        {
            _operations.Reader.TryRead(out _);
        }
    }

    public void Close(TransportFailure failure)
    {
        _closedBecause = failure;
        _operations.Writer.Complete();
        while (TryTake(out var operation))
        {
            operation.Abandoned(failure);
        }
    }

    /// <summary>
    /// Who has just been answered often asks again at once: that is sooner than a thread sleeps and wakes.
    /// </summary>
    private bool ComesSoon()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            if (_operations.Reader.TryPeek(out _))
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }
}
