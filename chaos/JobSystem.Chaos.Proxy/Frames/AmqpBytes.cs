using System.Buffers.Binary;
using System.Text;

namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>The frames that this proxy says itself. Pure.</summary>
internal static class AmqpBytes
{
    public static byte[] ChannelClose(ushort channel, ushort code, string reason) =>
        Method(channel, AmqpMethod.ChannelClose, [.. Short(code), .. ShortText(reason), 0, 0, 0, 0]);

    public static byte[] ChannelCloseOk(ushort channel) => Method(channel, AmqpMethod.ChannelCloseOk, []);

    /// <param name="channel">The consumer's.</param>
    /// <param name="tag">The consumer's.</param>
    /// <param name="noWait">True: no cancel-ok is to come. The broker says it so.</param>
    public static byte[] BasicCancel(ushort channel, string tag, bool noWait) =>
        Method(channel, AmqpMethod.BasicCancel, [.. ShortText(tag), noWait ? (byte)1 : (byte)0]);

    public static byte[] BasicAck(ushort channel, ulong tag, bool multiple)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, tag);
        return Method(channel, AmqpMethod.BasicAck, [.. number, multiple ? (byte)1 : (byte)0]);
    }

    public static byte[] ConnectionBlocked(string reason) =>
        Method(0, AmqpMethod.ConnectionBlocked, ShortText(reason));

    public static byte[] ConnectionUnblocked() => Method(0, AmqpMethod.ConnectionUnblocked, []);

    private static byte[] Method(ushort channel, AmqpMethod method, ReadOnlySpan<byte> arguments) =>
    [
        (byte)FrameType.Method, .. Short(channel), .. Long((uint)(arguments.Length + sizeof(uint))),
        .. Long((uint)method), .. arguments, AmqpFrame.End,
    ];

    private static byte[] Short(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Long(uint number) =>
        [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static byte[] ShortText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= byte.MaxValue
            ? [(byte)bytes.Length, .. bytes]
            : throw new ArgumentException("It is too long for a short text of AMQP.", nameof(text));
    }
}
