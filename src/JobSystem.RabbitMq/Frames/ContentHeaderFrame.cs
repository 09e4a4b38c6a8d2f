using System.Buffers;
using System.Buffers.Binary;

namespace JobSystem.RabbitMq.Frames;

/// <summary>
/// The fields of the headers table in a message's content header frame, one by one. Fields that the client library
/// would refuse or change are sealed on their way in and opened on their way out (see <see cref="SealedField"/>):
/// the message reaches its job, and what is sent on for the job carries the same bytes. Pure.
/// </summary>
internal static class ContentHeaderFrame
{
    // Behind the frame's own start: class (2 bytes), weight (2), size of the body (8). AMQP 0-9-1, 2.3.5.2.
    private const int Flags = FrameFilter.FrameStart + 12;
    private const int HasContentType = 1 << 15;
    private const int HasContentEncoding = 1 << 14;
    private const int HasHeaders = 1 << 13;
    private const int MoreFlags = 1;

    private delegate byte[]? FieldRewrite(ReadOnlySpan<byte> value);

    /// <summary>Null: the library gives all of it back as it is.</summary>
    public static byte[]? Seal(ReadOnlySpan<byte> frame) => Rewrite(frame, static value =>
        FieldValue.IsReadable(value) ? null : SealedField.Seal(value));

    /// <summary>Null: nothing in it is sealed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> frame) =>
        SealedField.IsIn(frame) ? Rewrite(frame, SealedField.Open) : null;

    private static byte[]? Rewrite(ReadOnlySpan<byte> frame, FieldRewrite rewrite)
    {
        var (start, end) = FindTable(frame);
        var taken = start;
        ArrayBufferWriter<byte>? rewritten = null;
        for (var at = start; at < end;)
        {
            var valueAt = at + 1 + frame[at];
            if (valueAt >= end)
            {
                return null; // no table at all: the reader will say so
            }

            // A type that nobody knows has no known end: all behind it belongs to it.
            var value = frame[valueAt..end];
            value = value[..(FieldValue.LengthOf(value) ?? value.Length)];
            at = valueAt + value.Length;
            if (rewrite(value) is { } other)
            {
                rewritten ??= new();
                rewritten.Write(frame[taken..valueAt]);
                rewritten.Write(other);
                taken = at;
            }
        }

        if (rewritten is null)
        {
            return null;
        }

        rewritten.Write(frame[taken..end]);
        return With(frame, start, end, rewritten.WrittenSpan);
    }

    /// <summary>Where the fields are; nothing where there is no headers table.</summary>
    private static (int Start, int End) FindTable(ReadOnlySpan<byte> frame)
    {
        var at = Flags + 2;
        var limit = frame.Length - FrameFilter.FrameEnd;
        var flags = at <= limit ? BinaryPrimitives.ReadUInt16BigEndian(frame[Flags..]) : MoreFlags;
        if ((flags & HasHeaders) == 0 || (flags & MoreFlags) != 0)
        {
            return default;
        }

        foreach (var text in (ReadOnlySpan<int>)[HasContentType, HasContentEncoding])
        {
            at += (flags & text) == 0 ? 0 : at < limit ? 1 + frame[at] : limit;
        }

        if (at + 4 > limit)
        {
            return default;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(frame[at..]);
        return length <= limit - at - 4 ? (at + 4, at + 4 + (int)length) : default;
    }

    private static byte[] With(ReadOnlySpan<byte> frame, int start, int end, ReadOnlySpan<byte> table)
    {
        var other = new byte[frame.Length - (end - start) + table.Length];
        frame[..start].CopyTo(other);
        table.CopyTo(other.AsSpan(start));
        frame[end..].CopyTo(other.AsSpan(start + table.Length));
        BinaryPrimitives.WriteInt32BigEndian(other.AsSpan(start - 4), table.Length);
        BinaryPrimitives.WriteInt32BigEndian(
            other.AsSpan(3), other.Length - FrameFilter.FrameStart - FrameFilter.FrameEnd);
        return other;
    }
}
