using System.Net.Security;
using System.Net.Sockets;
using JobSystem.RabbitMq.Frames;

namespace JobSystem.RabbitMq.Sockets;

/// <summary>
/// The socket as a stream with room on both sides. The client library writes every message by a call of its
/// own and reads 4 KiB at a time; each is a system call. Here, what is written while an earlier write is on
/// its way goes out with the next one, and reads fetch all that has arrived. Headers that the library cannot read
/// pass it sealed (<see cref="ContentHeaderFrame"/>). Promises: the frames in order; a
/// writer waits while more than <see cref="Room"/> bytes are unsent; an error of a send is thrown by the next
/// write and ends the socket, so that the reader ends too. One reader, one writer.
/// </summary>
/// <param name="socket">Connected.</param>
/// <param name="tls">What the bytes go through; null: the socket alone.</param>
internal sealed class CoalescingStream(Socket socket, SslStream? tls = null)
    : NetworkStream(socket, ownsSocket: false), IThreadPoolWorkItem
{
    private const int Room = 64 * 1024;

    // "AMQP" and the version, before the first frame.
    private const int ProtocolHeader = 8;

    private readonly Socket _socket = socket;
    private readonly FrameFilter _incoming = new(0, ContentHeaderFrame.Seal);
    private readonly FrameFilter _outgoing = new(ProtocolHeader, ContentHeaderFrame.Open);
    private readonly Lock _gate = new();
    private readonly byte[] _inbound = new byte[Room];
    private byte[] _filling = new byte[Room];
    private byte[] _leaving = new byte[Room];
    private int _filled;
    private ReadOnlyMemory<byte> _arrived;
    private bool _isSending;
    private bool _closeWhenSent;
    private Exception? _error;
    private TaskCompletionSource? _sent;
    private long _receivedTimes;

    /// <summary>How often bytes came in: it grows as long as the broker lives.</summary>
    public long ReceivedTimes => Interlocked.Read(ref _receivedTimes);

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        WriteFramesAsync(_outgoing.Pass(buffer), cancellationToken);

    private ValueTask WriteFramesAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_error is not null)
            {
                return ValueTask.FromException(new IOException("The socket is gone.", _error));
            }

            if (_filled + buffer.Length <= Room)
            {
                buffer.CopyTo(_filling.AsMemory(_filled));
                _filled += buffer.Length;
                if (!_isSending)
                {
                    _isSending = true;

                    // Behind what this thread still has to do: a loop that writes on comes first, and fills
                    // the room.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
                }

                return default;
            }
        }

        return WriteLaterAsync(buffer, cancellationToken);
    }

    /// <summary>Nothing to do: what is written is sent as soon as the socket takes it.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_arrived.IsEmpty)
        {
            return new(Take(buffer));
        }

        return buffer.IsEmpty ? ReceiveAsync(buffer, cancellationToken) : FetchAsync(buffer, cancellationToken);
    }

    /// <summary>Closes the socket behind the last byte that was written.</summary>
    public void CloseWhenSent()
    {
        lock (_gate)
        {
            if (_isSending)
            {
                _closeWhenSent = true;
                return;
            }
        }

        _socket.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    private async ValueTask WriteLaterAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await SentAsync(cancellationToken).ConfigureAwait(false);
        if (buffer.Length > Room)
        {
            // Large bodies take no way round: all before them is sent, and the only writer is here.
            await SendAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WriteFramesAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private Task SentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _isSending
                ? (_sent ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(
                    cancellationToken)
                : Task.CompletedTask;
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (NextToSend() is { IsEmpty: false } next)
            {
                await SendAsync(next, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (RabbitFailures.IsOperating(error))
        {
            End(error);
        }
    }

    private ReadOnlyMemory<byte> NextToSend()
    {
        TaskCompletionSource? sent;
        lock (_gate)
        {
            if (_filled > 0)
            {
                (_filling, _leaving) = (_leaving, _filling);
                var next = _leaving.AsMemory(0, _filled);
                _filled = 0;
                return next;
            }

            _isSending = false;
            (sent, _sent) = (_sent, null);
        }

        sent?.SetResult();
        if (_closeWhenSent)
        {
            _socket.Dispose();
        }

        return default;
    }

    private void End(Exception error)
    {
        TaskCompletionSource? sent;
        lock (_gate)
        {
            _error = error;
            _isSending = false;
            (sent, _sent) = (_sent, null);
        }

        _socket.Dispose();
        sent?.SetResult();
    }

    private async ValueTask<int> FetchAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_arrived.IsEmpty)
        {
            var count = await ReceiveAsync(_inbound, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return 0;
            }

            Interlocked.Increment(ref _receivedTimes);
            _arrived = _incoming.Pass(_inbound.AsMemory(0, count));
        }

        return Take(buffer);
    }

    private int Take(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _arrived.Length);
        _arrived[..count].CopyTo(buffer);
        _arrived = _arrived[count..];
        return count;
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        tls?.ReadAsync(buffer, cancellationToken) ?? base.ReadAsync(buffer, cancellationToken);

    private ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        tls?.WriteAsync(bytes, cancellationToken) ?? base.WriteAsync(bytes, cancellationToken);
}
