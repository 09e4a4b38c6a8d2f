using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// Writes what leaves in one direction of one connection, as late and as slowly as the toxics want it. Receives bytes
/// in the order in which they are to leave, then perhaps an end. Promises: that order, and that no byte is lost while
/// both sides live. Owns no socket, but resets the one it writes to. Ends with its connection.
/// </summary>
internal sealed class PacedWriter(Socket to, ProxyConnection connection, Direction direction, int seed)
{
    // So much may wait here before its source is read no more.
    private const int MaxWaiting = 4 * 1024 * 1024;
    private const int MinCharge = 256;

    // Where nothing waits the poster itself writes: half the processor's time of a hand-over to another thread.
    private readonly Channel<Parcel> _parcels = Channel.CreateUnbounded<Parcel>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Random _delays = new(seed);
    private readonly Random _portions = new(seed + 1);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private int _waiting;
    private bool _isBroken;

    private enum ParcelKind
    {
        Bytes,
        Finish,
        Reset,
    }

    /// <summary>Completes when nothing will be written any more.</summary>
    public Task Done => _done.Task;

    /// <param name="rented">From the shared pool; goes back there from here.</param>
    /// <param name="count">The first so many of it.</param>
    public void Post(byte[] rented, int count)
    {
        var toxics = connection.Proxy.Toxics;
        var delay = toxics.Delays(direction) ? toxics.Delay(direction, _delays, count) : TimeSpan.Zero;
        lock (_gate)
        {
            _waiting += Math.Max(MinCharge, count);
        }

        _parcels.Writer.TryWrite(
            new Parcel(ParcelKind.Bytes, rented, count, connection.Proxy.Clock.GetTimestamp(), delay));
    }

    public void Post(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(rented);
            Post(rented, bytes.Length);
        }
    }

    /// <summary>Nothing comes after: an orderly end.</summary>
    public void Finish() => _parcels.Writer.TryWrite(new Parcel(ParcelKind.Finish, [], 0, 0, default));

    /// <summary>The other side has gone without a word: so does this.</summary>
    public void Reset() => _parcels.Writer.TryWrite(new Parcel(ParcelKind.Reset, [], 0, 0, default));

    /// <summary>Completes when there is room for more.</summary>
    public ValueTask RoomAsync()
    {
        lock (_gate)
        {
            if (_waiting <= MaxWaiting)
            {
                return default;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(connection.Ended));
        }
    }

    /// <summary>Until the connection ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var parcel in _parcels.Reader.ReadAllAsync(connection.Ended).ConfigureAwait(false))
            {
                await LetGoAsync(parcel).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the connection has ended
        }
    }

    private async ValueTask LetGoAsync(Parcel parcel)
    {
        try
        {
            await UntilDueAsync(parcel).ConfigureAwait(false);
            switch (_isBroken ? default(ParcelKind?) : parcel.Kind)
            {
                case ParcelKind.Bytes:
                    await WriteAsync(parcel.Buffer.AsMemory(0, parcel.Count)).ConfigureAwait(false);
                    break;
                case ParcelKind.Finish:
                    await UntilItFlowsAsync(1).ConfigureAwait(false);
                    to.Shutdown(SocketShutdown.Send);
                    _done.TrySetResult();
                    break;
                case ParcelKind.Reset:
                    await UntilItFlowsAsync(1).ConfigureAwait(false);
                    Break();
                    break;
                default:
                    break;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Break();
            connection.Against(direction).PacedWriter.Reset();
        }
        finally
        {
            Release(parcel);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            await UntilItFlowsAsync(bytes.Length).ConfigureAwait(false);
            var toxics = connection.Proxy.Toxics;
            var portion = toxics.Portion(direction, _portions, bytes.Length);
            var sent = await to.SendAsync(bytes[..portion], SocketFlags.None).ConfigureAwait(false);
            bytes = bytes[sent..];
            await WaitAsync(toxics.Pause(direction, sent), toxics).ConfigureAwait(false);
        }
    }

    private async ValueTask UntilItFlowsAsync(int bytes)
    {
        Toxic? told = null;
        while (connection.Proxy.Toxics is var toxics && toxics.Holder(direction) is { } holder)
        {
            if (holder != told)
            {
                holder.Touch(bytes);
                told = holder;
            }

            await toxics.Changed.WaitAsync(connection.Ended).ConfigureAwait(false);
        }
    }

    private async ValueTask UntilDueAsync(Parcel parcel)
    {
        while (parcel.Delay > TimeSpan.Zero && connection.Proxy.Toxics is var toxics && toxics.Delays(direction)
            && parcel.Delay - connection.Proxy.Clock.GetElapsedTime(parcel.Stamp) is var rest && rest > TimeSpan.Zero)
        {
            await WaitAsync(rest, toxics).ConfigureAwait(false);
        }
    }

    /// <summary>Waits, but not longer than these toxics are there.</summary>
    private async ValueTask WaitAsync(TimeSpan time, ToxicSet toxics)
    {
        if (time > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.Ended);
            var pause = Task.Delay(time, connection.Proxy.Clock, over.Token);
            await Task.WhenAny(pause, toxics.Changed).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            connection.Ended.ThrowIfCancellationRequested();
        }
    }

    private void Break()
    {
        _isBroken = true;
        Sockets.Reset(to);
        _done.TrySetResult();
    }

    private void Release(Parcel parcel)
    {
        if (parcel.Kind != ParcelKind.Bytes)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(parcel.Buffer);
        lock (_gate)
        {
            _waiting -= Math.Max(MinCharge, parcel.Count);
            if (_waiting <= MaxWaiting)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    private readonly record struct Parcel(
        ParcelKind Kind, byte[] Buffer, int Count, long Stamp, TimeSpan Delay);
}
