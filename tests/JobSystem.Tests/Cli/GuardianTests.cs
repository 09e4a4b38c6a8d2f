using System.Diagnostics;
using JobSystem.Cli.Processes;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.Tests.Cli;

/// <summary>
/// A worker's death is played by closing the guardian's pipe: what the kernel does when a process is killed. That the
/// commands do not hold the pipe open themselves is a part of what is tested.
/// </summary>
public sealed class GuardianTests : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    /// <summary>Larger than any process id of Linux.</summary>
    private const int NoGroup = 1 << 30;

    private readonly CommandBench _bench = new();
    private readonly Fifo _fifo = new();

    public void Dispose()
    {
        _bench.Dispose();
        _fifo.Dispose();
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 1000; done")]
    [InlineData("sleep 1000 & (sleep 1001 & sleep 1002) & wait")]
    [InlineData("setsid sh -c 'setsid sleep 1000 & wait' & wait")]
    [InlineData("exec env -i sleep 1000")]
    public async Task No_command_and_nothing_that_it_started_outlives_its_worker(string script)
    {
        var run = _bench.RunAsync($"exec 9> '{_fifo.Path}'; echo ready >&9; {script}");
        Assert.Equal("ready", await _fifo.LineAsync());

        _bench.Guardian.Dispose();

        Assert.Equal("", await _fifo.EndAsync());
        await Assert.ThrowsAsync<CommandFailedException>(() => run.WaitAsync(_deadline));
    }

    [Fact]
    public async Task A_guardian_that_was_killed_is_replaced_and_knows_what_runs()
    {
        var first = _bench.Guardian.ProcessId;
        var before = _bench.RunAsync($"exec 9> '{_fifo.Path}'; echo ready >&9; exec env -i sleep 1000");
        Assert.Equal("ready", await _fifo.LineAsync());
        using (var guardian = Process.GetProcessById(first))
        {
            Posix.Signal(first, Posix.SigKill);
            await guardian.WaitForExitAsync().WaitAsync(_deadline);
        }

        await _bench.RunAsync("exit 0").WaitAsync(_deadline);
        Assert.NotEqual(first, _bench.Guardian.ProcessId);
        _bench.Guardian.Dispose();

        Assert.Equal("", await _fifo.EndAsync());
        await Assert.ThrowsAsync<CommandFailedException>(() => before.WaitAsync(_deadline));
    }

    /// <summary>The end of the guardian and the start of a command meet: neither waits for the other.</summary>
    [Fact]
    public async Task A_guardian_that_dies_while_commands_start_and_end_does_not_stop_them()
    {
        for (var round = 0; round < 100; round++)
        {
            var guardian = new Guardian(null, NullLogger.Instance, TimeProvider.System);
            var first = guardian.ProcessId;
            var commands = Task.Factory.StartNew(
                () =>
                {
                    while (guardian.ProcessId == first)
                    {
                        guardian.Watch(NoGroup);
                        guardian.Forget(NoGroup);
                    }
                },
                TaskCreationOptions.LongRunning);

            Posix.Signal(first, Posix.SigKill);

            await commands.WaitAsync(_deadline);
            guardian.Dispose(); // not where it hangs: it would hang, too
        }
    }

    [Fact]
    public async Task A_guardian_that_dies_young_is_replaced_before_the_next_command()
    {
        var log = new ListeningLog();
        using var guardian = new Guardian(null, log, TimeProvider.System);
        var first = guardian.ProcessId;

        Posix.Signal(first, Posix.SigKill);

        await log.HeardAsync("GuardianReplaced").WaitAsync(_deadline);
        Assert.NotEqual(first, guardian.ProcessId);
    }
}
