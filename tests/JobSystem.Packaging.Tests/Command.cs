using System.Diagnostics;

namespace JobSystem.Packaging.Tests;

/// <summary>
/// A program as a user starts it. Keeps every line it prints; waits are for lines and for its end, never for time.
/// Killed, with what it started, when the test ends.
/// </summary>
internal sealed class Command : IAsyncDisposable
{
    /// <summary>Each takes seconds on a calm machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _awaited = [];
    private readonly Process _process;
    private readonly Task _output;
    private readonly string _words;

    private Command(ProcessStartInfo start)
    {
        _words = $"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)}";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Everything printed so far.</summary>
    public string Printed
    {
        get
        {
            lock (_gate)
            {
                return $"$ {_words}\n{string.Join('\n', _lines)}";
            }
        }
    }

    /// <param name="folder">Where it runs.</param>
    /// <param name="program">A path, or a name to be found in PATH.</param>
    /// <param name="arguments">As they are.</param>
    public static Command Start(string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheTests).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Sandbox.EnvironmentOf(folder))
        {
            start.Environment[name] = value;
        }

        return new Command(start);
    }

    /// <summary>Runs it to its end, which must be a good one. Returns what it printed.</summary>
    public static async Task<string> RunAsync(string folder, string program, params IEnumerable<string> arguments)
    {
        await using var command = Start(folder, program, arguments);
        var exitCode = await command.EndAsync();
        return exitCode == 0
            ? command.Printed
            : throw new InvalidOperationException($"It ended with {exitCode}.\n{command.Printed}");
    }

    /// <summary>The first line, printed already or not, that has this text.</summary>
    public async Task<string> LineAsync(string text)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            _awaited.Add((text, found));
        }

        var ended = _process.WaitForExitAsync();
        await Task.WhenAny(found.Task, EndedAsync()).WaitAsync(_patience);
        return found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"It ended, and '{text}' was not printed.\n{Printed}");

        async Task EndedAsync()
        {
            await ended;
            await _output;
        }
    }

    /// <summary>SIGTERM, as an orchestrator sends it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(_patience);
            await _output.WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It did not end within {_patience}.\n{Printed}");
        }

        return _process.ExitCode;
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

    /// <summary>What `dotnet test` tells its children, and what would tell ours of a broker.</summary>
    private static bool IsOfTheTests(string variable) =>
        variable is "JOBS_BROKER"
        || variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            List<TaskCompletionSource<string>> found;
            lock (_gate)
            {
                _lines.Add(line);
                found = [.. _awaited
                    .Where(each => line.Contains(each.Text, StringComparison.Ordinal)).Select(each => each.Found)];
                _awaited.RemoveAll(each => found.Contains(each.Found));
            }

            found.ForEach(each => each.TrySetResult(line));
        }
    }
}
