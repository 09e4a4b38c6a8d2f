using System.Diagnostics;
using System.Text;

namespace JobSystem.Tests.Cli;

/// <summary>
/// A named pipe that commands hold open: a test hears what they write, and when the last of them is gone. So it waits
/// for a death without looking at process ids.
/// </summary>
internal sealed class Fifo : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-test-").FullName;
    private readonly Task<StreamReader> _reader;

    public Fifo()
    {
        Path = System.IO.Path.Combine(_folder, "fifo");
        using var make = Process.Start("mkfifo", [Path]);
        make.WaitForExit();

        // Opening blocks until somebody writes.
        _reader = Task.Run(() => new StreamReader(File.OpenRead(Path), Encoding.UTF8));
    }

    public string Path { get; }

    public async Task<string?> LineAsync() =>
        await (await _reader.WaitAsync(_deadline)).ReadLineAsync().WaitAsync(_deadline);

    /// <summary>Everybody who held it is gone. Returns what they had written and nobody has read.</summary>
    public async Task<string> EndAsync() =>
        await (await _reader.WaitAsync(_deadline)).ReadToEndAsync().WaitAsync(_deadline);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
