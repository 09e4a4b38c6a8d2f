using System.Diagnostics;
using JobSystem.Testing.Probes;

namespace JobSystem.Sqlite.Tests;

/// <summary>A process of the test host at a job file: what it says is noted, and it is killed after the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _allSaid = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, string name)
    {
        (_process, Lines) = (process, new Sightings<string>(name));
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _allSaid.TrySetResult();
            }
            else
            {
                Lines.Add(line.Data);
            }
        };
        _process.BeginOutputReadLine();
    }

    /// <summary>What it has said, line by line.</summary>
    public Sightings<string> Lines { get; }

    public static ChildProcess Start(params string[] arguments)
    {
        var host = typeof(TestHost.Program).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", host, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ChildProcess(Process.Start(start)!, string.Join(' ', arguments));
    }

    public Task SaidAsync(string line) => Lines.UntilAsync($"'{line}'", lines => lines.Contains(line));

    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Kills it (SIGKILL) and waits until all it has said is here.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _allSaid.Task;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task EndedAsync()
    {
        await _process.WaitForExitAsync();
        await _allSaid.Task;
    }

    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
