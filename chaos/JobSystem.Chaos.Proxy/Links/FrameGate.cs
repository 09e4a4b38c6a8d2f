using System.Buffers;
using JobSystem.Chaos.Proxy.Frames;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// Finds the frames in the bytes of one direction of one connection, and lets each pass or does with it what a toxic
/// wants. Receives bytes from its flow, in any pieces, and frames to put in between from anybody; gives bytes to the
/// writer, in order. Promises: without toxics every byte passes as it came, readable or not; bytes of ours come only
/// where a frame ends and no message is under way on their channel.
/// </summary>
internal sealed class FrameGate(ProxyConnection connection, Direction direction, PacedWriter writer, Random random)
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Contents _contents = new();
    private readonly List<Injection> _injections = [];
    private readonly Lock _gate = new();

    // What passes of the bytes that came last, and how much that can be at most.
    private byte[] _output = [];
    private int _written;
    private int _max;

    // The first bytes of the buffer are the head of a frame whose rest has not arrived.
    private int _held;

    // Of the frame under way: bytes that are still to come, and whether they pass.
    private long _rest;
    private bool _passes;
    private bool _isCut;
    private bool _endsInOctet;
    private bool _isStart = true;
    private bool _isReadable = true;
    private FlowTally _tally;
    private bool _isNews;

    public ProxyConnection Connection => connection;

    public Direction Direction => direction;

    /// <summary>For toxics that judge frames; drawn from on the flow's own turns only.</summary>
    public Random Random => random;

    /// <summary>Where the next bytes are to be put. Never empty.</summary>
    public Memory<byte> Free => _buffer.AsMemory(_held);

    /// <summary>
    /// Puts a frame of ours in between, now or as soon as one may come there. False: the channel is not open, or the
    /// stream is not readable.
    /// </summary>
    /// <param name="channel">The frame's.</param>
    /// <param name="frame">A whole frame.</param>
    /// <param name="done">Called when it is behind all that came before and ahead of all that comes.</param>
    public bool TryInject(ushort channel, byte[] frame, Action? done = null)
    {
        lock (_gate)
        {
            if (!_isReadable || _isStart || !MayGo(channel))
            {
                return false;
            }

            _injections.Add(new Injection(channel, frame, done));
            Inject();
            return true;
        }
    }

    /// <summary>So many bytes have come into <see cref="Free"/>.</summary>
    /// <returns>False: the connection breaks here, and nothing is to come after.</returns>
    public bool Accept(int count)
    {
        lock (_gate)
        {
            _max = _held + count;
            _held = 0;
            Sift(_buffer.AsSpan(0, _max));
            Inject();
            _tally.Bytes = count;
            connection.Proxy.Counters(direction).Add(_tally);
            _tally = default;
            Flush();
            if (_isNews)
            {
                _isNews = false;
                connection.Proxy.Beat();
            }

            if (_isCut && _rest == 0)
            {
                writer.Reset();
                return false;
            }

            return true;
        }
    }

    /// <summary>Nothing is to come any more: what was held back is all there is.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _max = _held;
            Pass(_buffer.AsSpan(0, _held));
            Flush();
            writer.Finish();
        }
    }

    private void Sift(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_isReadable && _rest == 0)
            {
                if (_isCut)
                {
                    return;
                }

                Inject();
                switch (AmqpFrame.Read(bytes, _isStart, out var frame))
                {
                    case Reading.Incomplete:
                        bytes.CopyTo(_buffer);
                        _held = bytes.Length;
                        return;
                    case Reading.Unreadable:
                        GiveUp();
                        break;
                    default:
                        Begin(frame);
                        break;
                }
            }

            bytes = Forward(bytes);
        }
    }

    private void Begin(in AmqpFrame frame)
    {
        _isStart = false;
        _tally.Count(frame.Method);
        var fate = Judge(frame);

        // Before anybody hears of it: who has heard may ask the book.
        _isNews |= connection.Book.Note(frame);
        (_rest, _passes, _isCut) = (frame.Length, true, false);
        _endsInOctet = frame.Type != FrameType.Protocol;
        switch (fate.Kind)
        {
            case FateKind.Replace:
                _passes = false;
                _tally.Altered++;
                Flush();
                writer.Post(fate.Replacement.Span);
                break;
            case FateKind.Cut:
                (_rest, _isCut) = (fate.Kept, true);
                _tally.Altered++;
                break;
            default:
                _contents.Note(frame);
                break;
        }
    }

    private Fate Judge(in AmqpFrame frame)
    {
        var fate = connection.Proxy.Toxics.Judge(this, frame);
        return fate.Kind == FateKind.Pass && frame.Method == AmqpMethod.BasicAck && direction == Direction.ToClient
            && connection.Book.TellConfirm(frame) is { } told
                ? Fate.Replace(told)
                : fate;
    }

    /// <summary>Passes on, or drops, what is there of the frame under way; returns what comes after.</summary>
    private Span<byte> Forward(Span<byte> bytes)
    {
        var count = _isReadable ? (int)Math.Min(_rest, bytes.Length) : bytes.Length;
        if (_passes || !_isReadable)
        {
            Pass(bytes[..count]);
        }

        if (_isReadable)
        {
            _rest -= count;
            if (_rest == 0 && !_isCut && _endsInOctet && bytes[count - 1] != AmqpFrame.End)
            {
                GiveUp();
            }
        }

        return bytes[count..];
    }

    private void GiveUp()
    {
        _isReadable = false;
        _tally.Unreadable++;
        _injections.Clear();
    }

    /// <summary>What waits to be put in between, where it may come here.</summary>
    private void Inject()
    {
        var isBetweenFrames = _rest == 0 && !_isCut;
        for (var index = 0; isBetweenFrames && index < _injections.Count; index++)
        {
            var injection = _injections[index];
            if (!_contents.AreOpenOn(injection.Channel))
            {
                _injections.RemoveAt(index--);
                if (MayGo(injection.Channel))
                {
                    Flush();
                    writer.Post(injection.Frame);
                    injection.Done?.Invoke();
                }
            }
        }
    }

    /// <summary>A client that has closed a channel, or not opened it, must not be heard on it by the broker.</summary>
    private bool MayGo(ushort channel) => direction == Direction.ToClient || connection.Book.IsOpen(channel);

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        if (_written == 0)
        {
            _output = ArrayPool<byte>.Shared.Rent(_max);
        }

        bytes.CopyTo(_output.AsSpan(_written));
        _written += bytes.Length;
    }

    private void Flush()
    {
        if (_written > 0)
        {
            writer.Post(_output, _written);
            _written = 0;
        }
    }

    private sealed record Injection(ushort Channel, byte[] Frame, Action? Done);
}
