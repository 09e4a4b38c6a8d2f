// Frames as clients and brokers say them, written here by hand so that the proxy's own are not their measure.
using System.Buffers.Binary;
using System.Text;

namespace JobSystem.Chaos.Tests.Proxies;

internal static class Wire
{
    public static readonly byte[] Protocol = [.. "AMQP"u8, 0, 0, 9, 1];

    public static readonly byte[] Heartbeat = Frame(8, 0, []);

    public static byte[] OpenOk(ushort channel) => Method(channel, 20, 11, [0, 0, 0, 0]);

    public static byte[] Open(ushort channel) => Method(channel, 20, 10, [0]);

    public static byte[] Close(ushort channel, ushort code, string text) =>
        Method(channel, 20, 40, [(byte)(code >> 8), (byte)code, .. Short(text), 0, 0, 0, 0]);

    public static byte[] CloseOk(ushort channel) => Method(channel, 20, 41, []);

    public static byte[] ConsumeOk(ushort channel, string tag) => Method(channel, 60, 21, Short(tag));

    public static byte[] Cancel(ushort channel, string tag, bool noWait) =>
        Method(channel, 60, 30, [.. Short(tag), noWait ? (byte)1 : (byte)0]);

    public static byte[] CancelOk(ushort channel, string tag) => Method(channel, 60, 31, Short(tag));

    public static byte[] Ack(ushort channel, ulong tag, bool multiple = false)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, tag);
        return Method(channel, 60, 80, [.. number, multiple ? (byte)1 : (byte)0]);
    }

    public static byte[] Publish(ushort channel, string body) =>
        [.. Method(channel, 60, 40, [0, 0, .. Short(""), .. Short("queue"), 1]), .. Content(channel, body)];

    public static byte[] DeliverMethod(ushort channel) =>
        Method(channel, 60, 60, [.. Short("tag"), 0, 0, 0, 0, 0, 0, 0, 1, 0, .. Short(""), .. Short("queue")]);

    public static byte[] Header(ushort channel, int bodyBytes) => Frame(
        2, channel, [0, 60, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(bodyBytes).Reverse(), 0, 0]);

    public static byte[] Body(ushort channel, string body) => Frame(3, channel, Encoding.UTF8.GetBytes(body));

    public static byte[] Deliver(ushort channel, string body) => [.. DeliverMethod(channel), .. Content(channel, body)];

    public static byte[] Frame(byte type, ushort channel, byte[] payload) =>
    [
        type, (byte)(channel >> 8), (byte)channel, .. BitConverter.GetBytes(payload.Length).Reverse(), .. payload, 0xCE,
    ];

    private static byte[] Content(ushort channel, string body) =>
        [.. Header(channel, Encoding.UTF8.GetByteCount(body)), .. body == "" ? [] : Body(channel, body)];

    private static byte[] Method(ushort channel, byte @class, byte method, byte[] arguments) =>
        Frame(1, channel, [0, @class, 0, method, .. arguments]);

    private static byte[] Short(string text) =>
        [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];
}
