// Fields as bytes on the wire, and frames that carry them: what the client library cannot write.
using System.Buffers.Binary;
using System.Text;
using JobSystem.RabbitMq.Frames;

namespace JobSystem.Tests.RabbitMq.Frames;

internal static class RawField
{
    public static byte[] Of(char type, params byte[] value) => [(byte)type, .. value];

    /// <summary>A table or an array.</summary>
    public static byte[] Long(char type, params byte[] content) => [(byte)type, .. Length(content), .. content];

    public static byte[] Named(string name, byte[] value) =>
        [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), .. value];

    /// <summary>Tables in each other.</summary>
    public static byte[] Nested(int depth)
    {
        // From the inside out, into one array: each level is a name ("a"), the type and a length.
        var bytes = new byte[(depth * 7) + 1];
        for (var level = 0; level < depth; level++)
        {
            var at = level * 7;
            bytes[at] = (byte)'F';
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at + 1), bytes.Length - at - 5);
            (bytes[at + 5], bytes[at + 6]) = (1, (byte)'a');
        }

        bytes[^1] = (byte)'V';
        return bytes;
    }

    /// <summary>The content header frame of a message with a content type, headers and a delivery mode.</summary>
    public static byte[] Frame(params byte[] table)
    {
        byte[] properties = [0xb0, 0, 4, .. "text"u8, .. Length(table), .. table, 2];
        byte[] payload = [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, .. properties];
        return [2, 0, 1, .. Length(payload), .. payload, 0xce];
    }

    /// <summary>What the library is given to read of such a frame.</summary>
    public static byte[] PropertiesOf(byte[] frame) =>
        frame[(FrameFilter.FrameStart + 12)..^FrameFilter.FrameEnd];

    private static byte[] Length(byte[] content)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, content.Length);
        return bytes;
    }
}
