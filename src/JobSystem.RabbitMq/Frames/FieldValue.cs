using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Frames;

/// <summary>
/// The value of a field in an AMQP table: one byte for its type, then its bytes. The types are RabbitMQ's, which are
/// not quite the specification's (rabbitmq.com/amqp-0-9-1-errata, section 3). Pure, and bounded whatever the bytes say.
/// </summary>
internal static class FieldValue
{
    /// <summary>How deep tables and arrays may be in each other. The library reads them by recursion: a message of 128
    /// KiB has room for twenty thousand, which ends the process.</summary>
    public const int MaxDepth = 16;

    private const byte MaxScale = 28;

    /// <summary>Type and value; null: the type is unknown, or the value is cut off.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> value)
    {
        var length = (char)value[0] switch
        {
            'V' => 1,
            't' or 'b' or 'B' => 2,
            's' or 'u' => 3,
            'I' or 'i' or 'f' => 5,
            'D' => 6,
            'l' or 'd' or 'T' => 9,
            'S' or 'x' or 'F' or 'A' when value.Length >= 5 => 5L + BinaryPrimitives.ReadUInt32BigEndian(value[1..]),
            _ => long.MaxValue,
        };
        return length <= value.Length ? (int)length : null;
    }

    /// <summary>Does the client library (7.2.2) read it, and write the same bytes again? It refuses decimals of more
    /// than 28 places and types it does not know, and takes an empty table or array for nothing.</summary>
    /// <param name="value">Of the length that <see cref="LengthOf"/> says.</param>
    /// <param name="depth">Of the table it is in.</param>
    public static bool IsReadable(ReadOnlySpan<byte> value, int depth = 0) =>
        LengthOf(value) == value.Length && (char)value[0] switch
        {
            'D' => value[1] <= MaxScale,
            'F' or 'A' => depth < MaxDepth && value.Length > 5 && AreReadable(value[0], value[5..], depth + 1),
            _ => true,
        };

    /// <summary>As the library would give it, if it could: for whoever looks at it.</summary>
    /// <param name="value">Of the length that <see cref="LengthOf"/> says.</param>
    /// <param name="depth">Of the table it is in.</param>
    public static object? Read(ReadOnlySpan<byte> value, int depth = 0)
    {
        if (LengthOf(value) != value.Length)
        {
            return $"(bytes of an unknown AMQP type: {Convert.ToHexString(value[..Math.Min(value.Length, 64)])})";
        }

        var rest = value[1..];
        return (char)value[0] switch
        {
            't' => rest[0] != 0,
            'b' => (sbyte)rest[0],
            'B' => rest[0],
            's' => BinaryPrimitives.ReadInt16BigEndian(rest),
            'u' => BinaryPrimitives.ReadUInt16BigEndian(rest),
            'I' => BinaryPrimitives.ReadInt32BigEndian(rest),
            'i' => BinaryPrimitives.ReadUInt32BigEndian(rest),
            'l' => BinaryPrimitives.ReadInt64BigEndian(rest),
            'f' => BinaryPrimitives.ReadSingleBigEndian(rest),
            'd' => BinaryPrimitives.ReadDoubleBigEndian(rest),
            'T' => new AmqpTimestamp(BinaryPrimitives.ReadInt64BigEndian(rest)),
            'D' => string.Create(CultureInfo.InvariantCulture,
                $"{BinaryPrimitives.ReadInt32BigEndian(rest[1..])}E-{rest[0]}"),
            'S' => rest[4..].ToArray(),
            'x' => new BinaryTableValue(rest[4..].ToArray()),
            'F' or 'A' when depth >= MaxDepth => "...",
            'F' => ReadTable(rest[4..], depth + 1),
            'A' => ReadArray(rest[4..], depth + 1),
            _ => null,
        };
    }

    private static bool AreReadable(byte type, ReadOnlySpan<byte> fields, int depth)
    {
        while (TryNext(type == 'F', ref fields, out _, out var value))
        {
            if (!IsReadable(value, depth))
            {
                return false;
            }
        }

        return fields.IsEmpty;
    }

    private static Dictionary<string, object?> ReadTable(ReadOnlySpan<byte> fields, int depth)
    {
        var table = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (TryNext(named: true, ref fields, out var name, out var value))
        {
            table[Encoding.UTF8.GetString(name)] = Read(value, depth);
        }

        return table;
    }

    private static List<object?> ReadArray(ReadOnlySpan<byte> values, int depth)
    {
        var array = new List<object?>();
        while (TryNext(named: false, ref values, out _, out var value))
        {
            array.Add(Read(value, depth));
        }

        return array;
    }

    /// <summary>Takes the next one off. A value without a known end goes to the end.</summary>
    private static bool TryNext(
        bool named, ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        var start = !named ? 0 : fields.IsEmpty ? 1 : 1 + fields[0];
        if (start >= fields.Length)
        {
            return false;
        }

        name = named ? fields[1..start] : default;
        value = fields[start..];
        value = value[..(LengthOf(value) ?? value.Length)];
        fields = fields[(start + value.Length)..];
        return true;
    }
}
