using System.Text;

namespace JobSystem.Cli.Output;

/// <summary>
/// Standard output or standard error, written whole lines at a time by several threads: lines are never torn.
/// Promises: a write never throws because the reader has gone; what is written after that is dropped.
/// </summary>
internal sealed class LineStream(Stream stream)
{
    private readonly Lock _gate = new();
    private bool _broken;

    public static LineStream Out { get; } = new(Console.OpenStandardOutput());

    public static LineStream Error { get; } = new(Console.OpenStandardError());

    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + '\n'));

    /// <param name="lines">Ends with a line break, unless it is a part of a line too long to be kept together.</param>
    public void Write(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            if (_broken)
            {
                return;
            }

            try
            {
                stream.Write(lines);
                stream.Flush();
            }
            catch (IOException)
            {
                _broken = true; // the reader is gone (a closed pipe, a full disk): the jobs go on
            }
        }
    }
}
