using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using JobSystem.RabbitMq.Frames;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>
/// AMQP's many field types, as the few that a job's headers have: text, <see cref="long"/>, <see
/// cref="double"/>, <see cref="bool"/>, bytes. Pure, and never throws on what a sender made up.
/// </summary>
internal static class HeaderValues
{
    // Deeper tables are cut: nobody reads them, and the writer would refuse them.
    private const int MaxDepth = 16;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The value as a job's header. Tables and arrays become JSON.</summary>
    public static object? Normalise(object? value) => value switch
    {
        null or string or long or double or bool => value,
        byte[] bytes => (object?)TextOf(bytes) ?? bytes,
        int number => (long)number,
        short number => (long)number,
        sbyte number => (long)number,
        byte number => (long)number,
        ushort number => (long)number,
        uint number => (long)number,
        float number => (double)number,
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        AmqpTimestamp time => time.UnixTime,
        BinaryTableValue { Bytes: var bytes } when SealedField.IsSealed(bytes) =>
            Normalise(FieldValue.Read(SealedField.In(bytes))),
        BinaryTableValue binary => binary.Bytes,
        IDictionary or IList => Json(value),
        _ => value.ToString(),
    };

    /// <summary>What <see cref="ToWire"/> makes of the normalised value is the same field, byte for byte.</summary>
    public static bool IsKeptByNormalising(object? value) => value switch
    {
        null or string or long or double or bool => true,
        BinaryTableValue binary => !SealedField.IsSealed(binary.Bytes),
        byte[] bytes => TextOf(bytes) is not null,
        _ => false,
    };

    /// <summary>
    /// The value as it goes on the wire: bytes as AMQP's byte array, so that they come back as bytes.
    /// </summary>
    public static object? ToWire(object? value) => value switch
    {
        null or string or long or double or bool => value,
        byte[] bytes => new BinaryTableValue(bytes),
        ReadOnlyMemory<byte> bytes => new BinaryTableValue(bytes.ToArray()),
        _ => Normalise(value),
    };

    /// <summary>A whole number, also where it was sent as digits. Null: it is none.</summary>
    public static long? Whole(object? value) => Normalise(value) switch
    {
        long number => number,
        string text when text.Length <= 20 && long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Text without control characters. Null: it is none.</summary>
    public static string? Text(object? value, int maxLength) =>
        Normalise(value) is string text && text.Length <= maxLength && !text.Any(char.IsControl) ? text
            : null;

    /// <summary>The bytes as text; null where they are not UTF-8.</summary>
    public static string? TextOf(byte[] bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Json(object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MaxDepth + 2 }))
        {
            Write(writer, value, 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        switch (value)
        {
            case IDictionary or IList when value is not byte[] && depth >= MaxDepth:
                writer.WriteStringValue("...");
                break;
            case IDictionary table:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in table)
                {
                    writer.WritePropertyName(entry.Key.ToString() ?? "");
                    Write(writer, entry.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case IList list when value is not byte[]:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, Normalise(value));
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
