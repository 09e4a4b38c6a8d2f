namespace JobSystem.Sqlite.Storage;

/// <summary>A job's own headers as bytes: a count, then of each its name, its type and its value.</summary>
internal static class HeaderValues
{
    private enum Kind : byte
    {
        Nothing,
        Text,
        Whole,
        Fraction,
        Yes,
        No,
        Bytes,
    }

    public static void Write(BinaryWriter to, IReadOnlyDictionary<string, object?> headers)
    {
        to.Write7BitEncodedInt(headers.Count);
        foreach (var (name, value) in headers)
        {
            to.Write(name);
            Write(to, value);
        }
    }

    public static IReadOnlyDictionary<string, object?> Read(BinaryReader from)
    {
        var count = from.Read7BitEncodedInt();
        var headers = new Dictionary<string, object?>();
        for (var index = 0; index < count; index++)
        {
            headers[from.ReadString()] = ReadValue(from);
        }

        return headers;
    }

    private static void Write(BinaryWriter to, object? value)
    {
        switch (value)
        {
            case null:
                to.Write((byte)Kind.Nothing);
                break;
            case string text:
                to.Write((byte)Kind.Text);
                to.Write(text);
                break;
            case long or int or short or sbyte or byte or ushort or uint:
                to.Write((byte)Kind.Whole);
                to.Write(Convert.ToInt64(value, null));
                break;
            case double or float:
                to.Write((byte)Kind.Fraction);
                to.Write(Convert.ToDouble(value, null));
                break;
            case bool flag:
                to.Write((byte)(flag ? Kind.Yes : Kind.No));
                break;
            case byte[] bytes:
                to.Write((byte)Kind.Bytes);
                to.Write7BitEncodedInt(bytes.Length);
                to.Write(bytes);
                break;
            default:
                throw new ArgumentException($"A header's value cannot be a {value.GetType().Name}.", nameof(value));
        }
    }

    private static object? ReadValue(BinaryReader from) => (Kind)from.ReadByte() switch
    {
        Kind.Nothing => null,
        Kind.Text => from.ReadString(),
        Kind.Whole => from.ReadInt64(),
        Kind.Fraction => from.ReadDouble(),
        Kind.Yes => true,
        Kind.No => false,
        Kind.Bytes => from.ReadBytes(from.Read7BitEncodedInt()),
        var unknown => throw new FormatException($"A header of the unknown type {unknown}."),
    };
}
