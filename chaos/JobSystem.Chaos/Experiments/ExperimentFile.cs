using System.Text;

namespace JobSystem.Chaos.Experiments;

/// <summary>The text of an experiment's file, read strictly: bytes that are no UTF-8 are an error, not a question mark.
/// </summary>
internal static class ExperimentFile
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="ExperimentException">It is not UTF-8; the text says in which line.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return _strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            var line = 1 + bytes.AsSpan(0, Math.Clamp(error.Index, 0, bytes.Length)).Count((byte)'\n');
            throw new ExperimentException(
                $"{Path.GetFileName(path)}:{line}: the byte 0x{error.BytesUnknown?[0]:X2} is no UTF-8.");
        }
    }
}
