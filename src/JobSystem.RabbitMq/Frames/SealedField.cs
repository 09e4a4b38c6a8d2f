using System.Buffers.Binary;
using System.Security.Cryptography;

namespace JobSystem.RabbitMq.Frames;

/// <summary>
/// A field of a message's headers that the client library must not read: its bytes, type and all, as the content of a
/// byte array that begins with a mark. The mark is drawn for each process, so that no sender can make one. Pure.
/// </summary>
internal static class SealedField
{
    private const byte ByteArray = (byte)'x';
    private const int Start = 5;

    private static readonly byte[] _mark = RandomNumberGenerator.GetBytes(16);

    /// <param name="value">The field's type and value.</param>
    /// <returns>A byte array as type and value.</returns>
    public static byte[] Seal(ReadOnlySpan<byte> value)
    {
        var field = new byte[Start + _mark.Length + value.Length];
        field[0] = ByteArray;
        BinaryPrimitives.WriteInt32BigEndian(field.AsSpan(1), _mark.Length + value.Length);
        _mark.CopyTo(field.AsSpan(Start));
        value.CopyTo(field.AsSpan(Start + _mark.Length));
        return field;
    }

    /// <summary>What was sealed; null: this field was not.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> value) =>
        value.Length > Start && value[0] == ByteArray && IsSealed(value[Start..])
            ? value[(Start + _mark.Length)..].ToArray() : null;

    /// <summary>Is the byte array, as the library gives it, one of ours?</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes) => bytes.StartsWith(_mark);

    /// <summary>The type and value in a byte array that <see cref="IsSealed"/>.</summary>
    public static ReadOnlySpan<byte> In(ReadOnlySpan<byte> bytes) => bytes[_mark.Length..];

    public static bool IsIn(ReadOnlySpan<byte> frame) => frame.IndexOf(_mark) >= 0;
}
