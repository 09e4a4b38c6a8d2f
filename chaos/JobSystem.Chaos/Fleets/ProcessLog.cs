namespace JobSystem.Chaos.Fleets;

/// <summary>
/// What one process wrote to standard error, in a file of the run's folder. The file appears with the first line.
/// Promises: bounded; a full disk costs the rest of the log, never the process or the run.
/// </summary>
/// <param name="path">Of the file; its folder exists.</param>
/// <param name="most">Bytes; what comes later is left out, and the file says so.</param>
internal sealed class ProcessLog(string path, long most = ProcessLog.Max) : IDisposable
{
    public const string Extension = ".log";

    /// <summary>A process that logs more repeats itself.</summary>
    public const long Max = 4 * 1024 * 1024;

    private FileStream? _file;
    private long _written;
    private bool _isClosed;

    /// <summary>Not from two threads at once.</summary>
    public void Add(ReadOnlySpan<byte> lines)
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            _file ??= new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _isClosed = _written + lines.Length > most;
            _file.Write(_isClosed ? "The log is longer than its limit: the rest is left out.\n"u8 : lines);
            _written += lines.Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _isClosed = true;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _file?.Dispose();
    }
}
