using System.Buffers.Binary;
using System.Text;

namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>
/// Reads the arguments of a method one after the other. Bytes that are not there read as zero: a hostile stream harms
/// nobody. Pure.
/// </summary>
internal ref struct AmqpArguments(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Octet() => Take(1) is [var octet] ? octet : default;

    public ushort Short() => Take(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : default;

    public ulong LongLong() => Take(8) is { Length: 8 } taken ? BinaryPrimitives.ReadUInt64BigEndian(taken) : default;

    public string ShortText() => Encoding.UTF8.GetString(Take(Octet()));

    private ReadOnlySpan<byte> Take(int length)
    {
        length = Math.Min(length, _rest.Length);
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
