namespace JobSystem.Chaos;

/// <summary>
/// Writes a file whole or not at all: beside its place first, then renamed over it. Whoever reads it, also after a
/// crash or on a disk that is full, finds the old contents or the new ones.
/// </summary>
internal static class WholeFile
{
    /// <exception cref="IOException">It could not be written; what was there before is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            using var device = File.OpenWrite(path); // has no place beside it
            write(device);
            return;
        }

        var beside = $"{path}.new";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <exception cref="IOException">It could not be written; what was there before is still there.</exception>
    public static void Write(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
