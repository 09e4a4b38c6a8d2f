using System.Diagnostics;

namespace JobSystem.Tests.Cli;

/// <summary>The program <c>jobs</c> as a user starts it, in a pipe and without a broker in its environment.</summary>
internal sealed class JobsProcess : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private static readonly string _program = Path.Combine(AppContext.BaseDirectory, "jobs");

    private readonly Process _process;

    public JobsProcess(params IEnumerable<string> arguments)
        : this(_program, arguments)
    {
    }

    private JobsProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("JOBS_BROKER");
        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    /// <summary>Starts it and waits for its end; its standard input is empty.</summary>
    public static async Task<JobsResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = new JobsProcess(arguments);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Starts it as a shell does that changes its streams or arguments.</summary>
    /// <param name="more">Redirections, or further arguments, as the shell reads them.</param>
    public static JobsProcess StartInShell(string more, params IEnumerable<string> arguments) =>
        new("bash", ["-c", $"exec \"$0\" \"$@\" {more}", _program, .. arguments]);

    /// <summary>Starts it where it may open so many files.</summary>
    public static JobsProcess StartWithFiles(int most, params IEnumerable<string> arguments) =>
        new("bash", ["-c", $"ulimit -n {most}; exec \"$0\" \"$@\"", _program, .. arguments]);

    /// <inheritdoc cref="StartInShell"/>
    public static async Task<JobsResult> RunInShellAsync(string more, params IEnumerable<string> arguments)
    {
        using var process = StartInShell(more, arguments);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Writes its whole standard input.</summary>
    public async Task FeedAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input).WaitAsync(_deadline);
        _process.StandardInput.Close();
    }

    /// <summary>Writes a line to its standard input, which stays open.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line).WaitAsync(_deadline);
        await _process.StandardInput.FlushAsync().WaitAsync(_deadline);
    }

    /// <summary>The next line of standard output.</summary>
    public async Task<string?> LineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(_deadline);

    /// <summary>The next line of standard error.</summary>
    public async Task<string?> ErrorLineAsync() => await _process.StandardError.ReadLineAsync().WaitAsync(_deadline);

    /// <summary>Its end, with what was not read of its output.</summary>
    public async Task<JobsResult> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        var error = await _process.StandardError.ReadToEndAsync().WaitAsync(_deadline);
        await _process.WaitForExitAsync().WaitAsync(_deadline);
        return new JobsResult(_process.ExitCode, await output.WaitAsync(_deadline), error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}

/// <summary>How a run of the program ended.</summary>
internal sealed record JobsResult(int ExitCode, string Out, string Error);
