using System.Text;

namespace JobSystem.Terminal.Arguments;

/// <summary>
/// The command line as bytes. The runtime puts a replacement character where an argument is not UTF-8 (a file name in
/// Latin-1), so what was typed would be lost without a word. Here each such byte becomes a lone low surrogate, U+DC00
/// and the byte, which no text has; <see cref="ToBytes"/> takes it back. Pure but for <see cref="Read"/>.
/// </summary>
public static class RawArguments
{
    private const string CommandLine = "/proc/self/cmdline";
    private const char FirstByte = '\uDC00';
    private const char LastByte = '\uDCFF';

    /// <param name="decoded">What the runtime made of them: taken where the bytes cannot be read.</param>
    public static string[] Read(string[] decoded) =>
        decoded.Any(static word => word.Contains('\uFFFD', StringComparison.Ordinal)) && File.Exists(CommandLine)
            ? Restore(decoded, File.ReadAllBytes(CommandLine))
            : decoded;

    /// <param name="decoded">What the runtime made of them.</param>
    /// <param name="commandLine">The program's words and then these, a NUL after each.</param>
    public static string[] Restore(string[] decoded, ReadOnlySpan<byte> commandLine)
    {
        var words = new List<string>();
        while (commandLine.IndexOf((byte)0) is var end and >= 0)
        {
            words.Add(Decode(commandLine[..end]));
            commandLine = commandLine[(end + 1)..];
        }

        return words.Count >= decoded.Length ? [.. words.TakeLast(decoded.Length)] : decoded;
    }

    /// <summary>Is there a byte in it that is not UTF-8?</summary>
    public static bool AreBytes(string argument)
    {
        for (var index = 0; index < argument.Length; index++)
        {
            if (IsByte(argument, index))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What was typed, byte for byte.</summary>
    public static byte[] ToBytes(string argument)
    {
        if (!AreBytes(argument))
        {
            return Encoding.UTF8.GetBytes(argument);
        }

        var bytes = new MemoryStream();
        var text = 0;
        for (var index = 0; index < argument.Length; index++)
        {
            if (IsByte(argument, index))
            {
                bytes.Write(Encoding.UTF8.GetBytes(argument[text..index]));
                bytes.WriteByte((byte)(argument[index] - FirstByte));
                text = index + 1;
            }
        }

        bytes.Write(Encoding.UTF8.GetBytes(argument[text..]));
        return bytes.ToArray();
    }

    /// <summary>For a person: each byte that is no text as a question mark.</summary>
    public static string Show(string argument) => AreBytes(argument)
        ? Encoding.UTF8.GetString(ToBytes(argument)).Replace('\uFFFD', '?')
        : argument;

    /// <summary>The second half of a pair is text.</summary>
    private static bool IsByte(string argument, int index) =>
        argument[index] is >= FirstByte and <= LastByte
        && (index == 0 || !char.IsHighSurrogate(argument[index - 1]));

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune);
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(FirstByte + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }
}
