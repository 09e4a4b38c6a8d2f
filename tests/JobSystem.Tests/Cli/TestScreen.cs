using System.Text;
using JobSystem.Terminal.Output;
using JobSystem.Testing.Probes;

namespace JobSystem.Tests.Cli;

/// <summary>A screen that nobody looks at: what was written is text.</summary>
internal sealed class TestScreen : IDisposable
{
    private readonly MemoryStream _out = new();
    private readonly WatchedStream _error = new();

    public TestScreen() =>
        Screen = new Screen(new LineWriter(_out), new LineWriter(_error), false, false, false) { Program = "jobs" };

    public Screen Screen { get; }

    public string[] Out => Lines(_out);

    public string[] Error => Lines(_error);

    /// <summary>Completes when standard error has told this.</summary>
    public Task ErrorTellsAsync(string text) => _error.Written.UntilAsync(
        $"'{text}' on standard error", seen => seen.Any(lines => lines.Contains(text, StringComparison.Ordinal)));

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    private static string[] Lines(MemoryStream stream) =>
        Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private sealed class WatchedStream : MemoryStream
    {
        public Sightings<string> Written { get; } = new("the screen");

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            Written.Add(Encoding.UTF8.GetString(buffer));
        }
    }
}
