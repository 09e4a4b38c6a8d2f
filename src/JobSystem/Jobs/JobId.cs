using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace JobSystem;

/// <summary>
/// The name of a job: the same from its enqueue through every retry to its end, and in the dead letters.
/// Text of 1 to 255 bytes in UTF-8 (an AMQP short string) without control characters and half surrogate
/// pairs.
/// </summary>
public readonly record struct JobId
{
    /// <summary>The longest id in bytes of UTF-8: what an AMQP short string holds.</summary>
    public const int MaxBytes = 255;

    private readonly string? _value;

    /// <exception cref="ArgumentException">The text is empty, too long or has such characters.</exception>
    public JobId(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException(
                $"A job id is 1 to {MaxBytes} bytes of valid text without control characters, but was " +
                $"{(value is null ? "null" : $"{Encoding.UTF8.GetByteCount(value)} bytes")}.", nameof(value));
        }

        _value = value;
    }

    public string Value => _value ?? throw new InvalidOperationException("This job id was never set.");

    /// <summary>A new id: a UUIDv7 (RFC 9562), so ids made later sort later, to the millisecond.</summary>
    public static JobId New(DateTimeOffset now, Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var drawn = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (now.ToUnixTimeMilliseconds() << 16) | drawn);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new JobId(new Guid(bytes, bigEndian: true).ToString());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = IsValid(text) ? new JobId(text) : default;
        return id._value is not null;
    }

    public override string ToString() => _value ?? "";

    private static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            return false;
        }

        for (var index = 0; index < text.Length; index++)
        {
            // Half of a surrogate pair has no UTF-8: another id would arrive than was sent.
            if (char.IsControl(text[index]) || (char.IsSurrogate(text[index]) && !IsPair(text, index++)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPair(string text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]);
}
