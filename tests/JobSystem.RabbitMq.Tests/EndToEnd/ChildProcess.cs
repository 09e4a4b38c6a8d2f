using System.Diagnostics;

namespace JobSystem.RabbitMq.Tests.EndToEnd;

/// <summary>
/// A program as a user starts it. Keeps every line it prints; waits are for lines, never for time. Killed, with what
/// it started, when the test ends.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Found)> _awaited = [];
    private readonly Process _process;
    private readonly Task _output;
    private readonly string _command;

    public ChildProcess(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        _command = $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}";
        _process = Process.Start(start)!;
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput, ""), ReadAsync(_process.StandardError, "! "));
    }

    /// <summary>The program <c>jobs</c> of this build.</summary>
    public static ChildProcess Jobs(params IEnumerable<string> arguments)
    {
        var bin = new DirectoryInfo(AppContext.BaseDirectory);
        return new ChildProcess(
            Path.Combine(bin.Parent!.Parent!.FullName, "JobSystem.Cli", bin.Name, "jobs"), arguments);
    }

    /// <summary>A script of the tutorial, run by the Python that has pika (Debian: python3-pika).</summary>
    public static ChildProcess Pika(string script, params IEnumerable<string> arguments)
    {
        var python = Environment.GetEnvironmentVariable("JOBSYSTEM_TEST_PYTHON") ?? "/usr/bin/python3";
        var folder = Path.Combine(Root(), "tests", "JobSystem.RabbitMq.Tests", "EndToEnd", "pika");
        return new ChildProcess(python, [Path.Combine(folder, script), .. arguments]);
    }

    /// <summary>Everything printed so far; lines of standard error begin with <c>! </c>.</summary>
    public string Printed
    {
        get
        {
            lock (_lock)
            {
                return $"$ {_command}\n{string.Join('\n', _lines)}";
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The first line, printed already or not, that has this text.</summary>
    public async Task<string> LineAsync(string text, TimeSpan? patience = null)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            _awaited.Add((each => each.Contains(text, StringComparison.Ordinal), found));
        }

        try
        {
            return await found.Task.WaitAsync(patience ?? _patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"'{text}' was not printed within {patience ?? _patience}.\n{Printed}");
        }
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience ?? _patience);
            await _output.WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It did not end within {patience ?? _patience}.\n{Printed}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL to this process alone: what it started must see to itself.</summary>
    public void Kill() => _process.Kill(entireProcessTree: false);

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Signals until it says this: two signals in a row are one request.</summary>
    public async Task SignalUntilAsync(string signal, string told)
    {
        var heard = LineAsync(told);
        while (!heard.IsCompleted)
        {
            await SignalAsync(signal);
            try
            {
                await heard.WaitAsync(TimeSpan.FromMilliseconds(200));
            }
            catch (TimeoutException) when (!heard.IsCompleted)
            {
            }
        }

        await heard;
    }

    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        _process.StandardInput.Close();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "JobSystem.sln")))
        {
            folder = folder.Parent
                ?? throw new InvalidOperationException("JobSystem.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }

    private async Task ReadAsync(StreamReader reader, string prefix)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            var line = prefix + text;
            List<TaskCompletionSource<string>> found;
            lock (_lock)
            {
                _lines.Add(line);
                found = [.. _awaited.Where(each => each.Matches(line)).Select(each => each.Found)];
                _awaited.RemoveAll(each => found.Contains(each.Found));
            }

            found.ForEach(each => each.TrySetResult(line));
        }
    }
}
