using System.Diagnostics;
using System.Globalization;
using Xunit;
using Host = JobSystem.Testing.TestHost.Program;

namespace JobSystem.Tests.Processing;

/// <summary>A real process with a .NET host in it: what signals do, and what its exit code says.</summary>
public sealed class HostedProcessTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task SIGTERM_drains_and_the_exit_code_is_0_when_every_job_is_accounted_for()
    {
        using var process = Start("obey");
        await StartedAsync(process);

        Terminate(process);

        Assert.Equal(0, await ExitCodeAsync(process));
    }

    [Fact]
    public async Task SIGTERM_ends_a_process_whose_job_ignores_its_token_in_time_too()
    {
        using var process = Start("ignore");
        await StartedAsync(process);

        Terminate(process);

        Assert.Equal(0, await ExitCodeAsync(process)); // its slot was given up, and its message requeued
    }

    [Fact]
    public async Task A_tree_that_cannot_be_kept_alive_ends_its_process_with_exit_code_1()
    {
        using var process = Start("crash");

        Assert.Equal(1, await ExitCodeAsync(process));
    }

    private static Process Start(string conduct) => Process.Start(new ProcessStartInfo(
        "dotnet", ["exec", typeof(Host).Assembly.Location, "host", conduct]) { RedirectStandardOutput = true })!;

    private static async Task StartedAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(_deadline) is { } line)
        {
            if (line == "started")
            {
                return;
            }
        }

        Assert.Fail("It ended before its job began.");
    }

    private static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task<int> ExitCodeAsync(Process process)
    {
        _ = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_deadline);
        return process.ExitCode;
    }
}
