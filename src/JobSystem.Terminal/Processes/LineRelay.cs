namespace JobSystem.Terminal.Processes;

/// <summary>
/// Passes a command's output on, whole lines at a time, so that the lines of several commands are not torn. A line
/// longer than <see cref="LongestLine"/> is passed on in pieces. Memory is bounded by it, too.
/// </summary>
public static class LineRelay
{
    public const int LongestLine = 64 * 1024;
    private const int FirstBuffer = 4096;

    /// <param name="write">Gets one or more whole lines, each ended; or a piece of a long one.</param>
    /// <returns>When the stream has ended.</returns>
    public static async Task RunAsync(Stream source, WriteLines write)
    {
        var buffer = new byte[FirstBuffer];
        var filled = 0;
        while (true)
        {
            var read = await ReadAsync(source, buffer.AsMemory(filled));
            if (read == 0)
            {
                break;
            }

            filled = PassOn(buffer, filled + read, write);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 4, LongestLine));
            }
        }

        if (filled > 0)
        {
            buffer = [.. buffer.AsSpan(0, filled), (byte)'\n'];
            write(buffer);
        }
    }

    /// <summary>Writes all whole lines and moves the rest to the front. Returns its length.</summary>
    private static int PassOn(byte[] buffer, int filled, WriteLines write)
    {
        var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        if (end == 0 && filled == LongestLine)
        {
            end = filled;
        }

        if (end > 0)
        {
            write(buffer.AsSpan(0, end));
            buffer.AsSpan(end, filled - end).CopyTo(buffer);
        }

        return filled - end;
    }

    private static async Task<int> ReadAsync(Stream source, Memory<byte> buffer)
    {
        try
        {
            return await source.ReadAsync(buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0; // the pipe was closed: by us, because somebody held it open after the command had ended
        }
    }
}

/// <summary>Takes output in whole lines.</summary>
public delegate void WriteLines(ReadOnlySpan<byte> lines);
