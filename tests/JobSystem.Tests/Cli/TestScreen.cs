using System.Text;
using JobSystem.Cli.Output;

namespace JobSystem.Tests.Cli;

/// <summary>A screen that nobody looks at: what was written is text.</summary>
internal sealed class TestScreen : IDisposable
{
    private readonly MemoryStream _out = new();
    private readonly MemoryStream _error = new();

    public TestScreen() => Screen = new Screen(new LineStream(_out), new LineStream(_error), false, false, false);

    public Screen Screen { get; }

    public string[] Out => Lines(_out);

    public string[] Error => Lines(_error);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    private static string[] Lines(MemoryStream stream) =>
        Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
