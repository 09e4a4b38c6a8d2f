using System.Buffers.Binary;

namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>
/// One frame of AMQP 0-9-1, as far as it is looked at: type, channel, length, what a method is, how long a content
/// is. Found by its head; of methods of ordinary length all is at hand, of payloads nothing is copied. Pure.
/// </summary>
internal readonly ref struct AmqpFrame
{
    public const byte End = 0xCE;

    private const int HeadLength = 7;

    // A method that is longer is not waited for: it is told by its head.
    private const int LongestHeld = 4096;

    // Class, weight, size of the body: then come the properties.
    private const int ContentHeadLength = 12;

    private static ReadOnlySpan<byte> Protocol => [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    public FrameType Type { get; private init; }

    public ushort Channel { get; private init; }

    /// <summary>Head and end included.</summary>
    public long Length { get; private init; }

    /// <summary>None where it is no method, or not known.</summary>
    public AmqpMethod Method { get; private init; }

    /// <summary>Of a header: how many bytes of body follow. Of a body: how many are in it.</summary>
    public long BodyBytes { get; private init; }

    /// <summary>What comes after a method's number; empty where it is too long, or no method.</summary>
    public ReadOnlySpan<byte> Arguments { get; private init; }

    /// <summary>Is it a method after which a header and perhaps a body must follow on the channel?</summary>
    public bool HasContent => Method is AmqpMethod.BasicPublish or AmqpMethod.BasicDeliver
        or AmqpMethod.BasicReturn or AmqpMethod.BasicGetOk;

    /// <summary>Reads the head of the frame that begins here.</summary>
    /// <param name="bytes">What has arrived; may be less than a frame, or more.</param>
    /// <param name="isStart">Nothing came before: the client's protocol header is due.</param>
    /// <param name="frame">The frame, if it was read.</param>
    public static Reading Read(ReadOnlySpan<byte> bytes, bool isStart, out AmqpFrame frame)
    {
        frame = default;
        if (bytes.IsEmpty)
        {
            return Reading.Incomplete;
        }

        if (isStart && bytes[0] == Protocol[0])
        {
            return ReadProtocol(bytes, out frame);
        }

        if ((FrameType)bytes[0] is not (
            FrameType.Method or FrameType.Header or FrameType.Body or FrameType.Heartbeat))
        {
            return Reading.Unreadable;
        }

        return bytes.Length < HeadLength
            ? Reading.Incomplete
            : ReadTyped((FrameType)bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes[3..]), bytes, out frame);
    }

    private static Reading ReadProtocol(ReadOnlySpan<byte> bytes, out AmqpFrame frame)
    {
        frame = new AmqpFrame { Type = FrameType.Protocol, Length = Protocol.Length };
        return bytes.Length >= Protocol.Length
            ? bytes.StartsWith(Protocol) ? Reading.Read : Reading.Unreadable
            : Protocol.StartsWith(bytes) ? Reading.Incomplete : Reading.Unreadable;
    }

    private static Reading ReadTyped(FrameType type, uint size, ReadOnlySpan<byte> bytes, out AmqpFrame frame)
    {
        frame = new AmqpFrame
        {
            Type = type,
            Channel = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            Length = HeadLength + (long)size + 1,
            BodyBytes = type == FrameType.Body ? size : 0,
        };
        return type switch
        {
            FrameType.Method => ReadMethod(bytes, size, ref frame),
            FrameType.Header => ReadHeader(bytes, size, ref frame),
            FrameType.Heartbeat => size == 0 ? Reading.Read : Reading.Unreadable,
            _ => Reading.Read,
        };
    }

    private static Reading ReadMethod(ReadOnlySpan<byte> bytes, uint size, ref AmqpFrame frame)
    {
        if (size < sizeof(uint))
        {
            return Reading.Unreadable;
        }

        var isHeld = frame.Length <= LongestHeld;
        if (bytes.Length < (isHeld ? frame.Length : HeadLength + sizeof(uint)))
        {
            return Reading.Incomplete;
        }

        if (isHeld && bytes[(int)frame.Length - 1] != End)
        {
            return Reading.Unreadable;
        }

        frame = frame with
        {
            Method = (AmqpMethod)BinaryPrimitives.ReadUInt32BigEndian(bytes[HeadLength..]),
            Arguments = isHeld ? bytes[(HeadLength + sizeof(uint))..((int)frame.Length - 1)] : default,
        };
        return Reading.Read;
    }

    private static Reading ReadHeader(ReadOnlySpan<byte> bytes, uint size, ref AmqpFrame frame)
    {
        if (size < ContentHeadLength)
        {
            return Reading.Unreadable;
        }

        if (bytes.Length < HeadLength + ContentHeadLength)
        {
            return Reading.Incomplete;
        }

        frame = frame with { BodyBytes = BinaryPrimitives.ReadInt64BigEndian(bytes[(HeadLength + 4)..]) };
        return frame.BodyBytes >= 0 ? Reading.Read : Reading.Unreadable;
    }
}

/// <summary>How frames begin; the client's first eight bytes count as one.</summary>
internal enum FrameType : byte
{
    Protocol = 0,
    Method = 1,
    Header = 2,
    Body = 3,
    Heartbeat = 8,
}

/// <summary>What came of reading a frame.</summary>
internal enum Reading
{
    Read,

    /// <summary>Too little has arrived to tell.</summary>
    Incomplete,

    /// <summary>This is not AMQP 0-9-1.</summary>
    Unreadable,
}
