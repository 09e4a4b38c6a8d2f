using System.Buffers.Binary;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// The body of a message that an AMQP 1.0 client sent as a value and not as data: RabbitMQ hands it on still encoded,
/// with the type <c>amqp-1.0</c>. Text and binary values are decoded; no handler could read anything else. Pure.
/// </summary>
internal static class Amqp10Body
{
    public const string TypeName = "amqp-1.0";

    /// <summary>What the plugin of RabbitMQ 3.x calls a data section, which it hands on as it is.</summary>
    public const string DataTypeName = "binary";

    private const string Text = "text/plain";
    private const string Binary = "application/octet-stream";

    // The descriptor of an amqp-value section, as a small ulong.
    private static ReadOnlySpan<byte> ValueSection => [0x00, 0x53, 0x77];

    /// <summary>The payload; with a problem: the body as it came.</summary>
    public static (ReadOnlyMemory<byte> Body, string? ContentType, string? Problem) Decode(ReadOnlyMemory<byte> body)
    {
        var encoded = body.Span;
        if (!encoded.StartsWith(ValueSection) || encoded.Length == ValueSection.Length)
        {
            return (body, null, Refusal("a body that is no single value"));
        }

        var at = ValueSection.Length + 1;
        var code = encoded[ValueSection.Length];
        return code switch
        {
            0x40 => (ReadOnlyMemory<byte>.Empty, null, null),
            0xa0 => Of(body, at, lengthBytes: 1, Binary),
            0xb0 => Of(body, at, lengthBytes: 4, Binary),
            0xa1 or 0xa3 => Of(body, at, lengthBytes: 1, Text),
            0xb1 or 0xb3 => Of(body, at, lengthBytes: 4, Text),
            0xc1 or 0xd1 => (body, null, Refusal("a map")),
            0x45 or 0xc0 or 0xd0 => (body, null, Refusal("a list")),
            _ => (body, null, Refusal($"a value of the type 0x{code:x2}")),
        };
    }

    private static (ReadOnlyMemory<byte> Body, string? ContentType, string? Problem) Of(
        ReadOnlyMemory<byte> body, int at, int lengthBytes, string contentType)
    {
        if (body.Length < at + lengthBytes)
        {
            return (body, null, Refusal("a value that is cut off"));
        }

        var length = lengthBytes == 1
            ? body.Span[at] : (long)BinaryPrimitives.ReadUInt32BigEndian(body.Span[at..]);
        return length == body.Length - at - lengthBytes
            ? (body[(at + lengthBytes)..], contentType, null)
            : (body, null, Refusal("more than one value"));
    }

    private static string Refusal(string what) =>
        $"An AMQP 1.0 client sent {what}: a job's payload is bytes or text. Cure: send it as a data section, or as a " +
        "text or binary value.";
}
