using System.Text;

namespace JobSystem.Terminal.Output;

/// <summary>
/// Standard output or standard error, written whole lines at a time by several threads: lines are never torn.
/// Promises: a write never throws. Where the reader has gone (a closed pipe) it has read enough, and that is no
/// failure; what could not be written for another reason (a full disk) is remembered, and the next write tries again.
/// </summary>
/// <param name="stream">Null: it was closed when the process started.</param>
public sealed class LineWriter(Stream? stream)
{
    private readonly Lock _gate = new();

    public static LineWriter Out { get; } =
        new(StandardDescriptors.IsOutputOpen ? Console.OpenStandardOutput() : null);

    public static LineWriter Error { get; } =
        new(StandardDescriptors.IsErrorOpen ? Console.OpenStandardError() : null);

    /// <summary>Why something that a verb told could not be written; null: all was.</summary>
    public string? Failure { get; private set; }

    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + '\n'));

    /// <param name="lines">Ends with a line break, unless it is a part of a line too long to be kept together.</param>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (TryWrite(lines) is { } failure)
        {
            Failure ??= failure;
        }
    }

    /// <summary>As <see cref="Write"/>, for whoever sees to a failure himself.</summary>
    /// <returns>Why it could not be written; null: it was, or its reader has gone.</returns>
    public string? TryWrite(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            if (stream is null)
            {
                return "it is closed";
            }

            try
            {
                stream.Write(lines);
                stream.Flush();
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return error.Message.TrimEnd('.');
            }
        }
    }
}
