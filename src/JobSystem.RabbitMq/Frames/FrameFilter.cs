using System.Buffers;
using System.Buffers.Binary;

namespace JobSystem.RabbitMq.Frames;

/// <summary>What a content header frame is replaced by; null: nothing, it is passed on as it is.</summary>
internal delegate byte[]? FrameRewrite(ReadOnlySpan<byte> frame);

/// <summary>
/// A stream of AMQP 0-9-1 frames in pieces of any size, passed on in order; each content header frame is shown
/// to <paramref name="rewrite"/> in one piece first. A stream that is not AMQP is passed on untouched: whoever
/// reads it will say so. One direction of one connection.
/// </summary>
/// <param name="preamble">So many bytes come before the first frame.</param>
/// <param name="rewrite">Pure.</param>
internal sealed class FrameFilter(int preamble, FrameRewrite rewrite)
{
    public const int FrameStart = 7;
    public const int FrameEnd = 1;

    private const byte Method = 1;
    private const byte ContentHeader = 2;
    private const byte Body = 3;
    private const byte Heartbeat = 8;

    // Brokers allow 128 KiB; a frame that claims more than this is not kept back to be looked at.
    private const int MaxHeaderFrame = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _rewritten = new();
    private ArrayBufferWriter<byte> _held = new();
    private ArrayBufferWriter<byte> _joined = new();
    private long _passing = preamble;

    /// <summary>What can be passed on of all that came so far: valid until the next call, and until the input's
    /// memory changes.</summary>
    public ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> input)
    {
        var bytes = _held.WrittenCount == 0 ? input : Join(input);
        _rewritten.ResetWrittenCount();
        var (at, taken) = (0, 0);
        while (at < bytes.Length)
        {
            if (_passing > 0)
            {
                var count = (int)Math.Min(_passing, bytes.Length - at);
                (at, _passing) = (at + count, _passing - count);
                continue;
            }

            var length = HeaderFrameAt(bytes.Span[at..]);
            if (length == 0)
            {
                continue; // another frame: it is passed on
            }

            if (length > bytes.Length - at)
            {
                _held.Write(bytes.Span[at..]);
                break;
            }

            if (rewrite(bytes.Span.Slice(at, length)) is { } other)
            {
                _rewritten.Write(bytes.Span[taken..at]);
                _rewritten.Write(other);
                taken = at + length;
            }

            at += length;
        }

        if (_rewritten.WrittenCount == 0)
        {
            return bytes[..at];
        }

        _rewritten.Write(bytes.Span[taken..at]);
        return _rewritten.WrittenMemory;
    }

    /// <summary>The length of the content header frame at the start, more than there is where that is unknown yet;
    /// 0: another frame starts here.</summary>
    private int HeaderFrameAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] is not (Method or ContentHeader or Body or Heartbeat))
        {
            _passing = long.MaxValue; // not AMQP
            return 0;
        }

        if (bytes.Length < FrameStart)
        {
            return FrameStart;
        }

        var length = FrameStart + (long)BinaryPrimitives.ReadUInt32BigEndian(bytes[3..]) + FrameEnd;
        if (bytes[0] == ContentHeader && length <= MaxHeaderFrame)
        {
            return (int)length;
        }

        _passing = length;
        return 0;
    }

    private ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> input)
    {
        _held.Write(input.Span);
        (_held, _joined) = (_joined, _held);
        _held.ResetWrittenCount();
        return _joined.WrittenMemory;
    }
}
