using System.Runtime.Versioning;
using JobSystem.Cli.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class CommandRunnerTests : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_command_gets_the_payload_on_its_input_and_the_facts_in_its_environment()
    {
        await _bench.RunAsync(
            """cat; echo; echo "$JOB_ID $JOB_TYPE $JOB_QUEUE $JOB_ATTEMPT" """,
            CommandBench.JobOf("Hello\nWorld!", "greet"));

        Assert.Equal("Hello\nWorld!\njob-1 greet queue-1 3\n", _bench.Out);
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_is_not_broken_by_it() =>
        await _bench.RunAsync("exit 0", CommandBench.JobOf(new string('x', 5_000_000))).WaitAsync(_deadline);

    [Fact]
    public async Task A_large_payload_passes_while_the_command_writes_as_much()
    {
        await _bench.RunAsync("cat", CommandBench.JobOf(new string('x', 5_000_000))).WaitAsync(_deadline);

        Assert.Equal(5_000_001, _bench.Out.Length);
    }

    [Fact]
    public async Task The_last_words_on_standard_error_become_the_error()
    {
        var failed = await Assert.ThrowsAsync<CommandFailedException>(
            () => _bench.RunAsync("echo 'no luck' >&2; exit 3"));

        Assert.Contains("exit code 3", failed.Message);
        Assert.Contains("no luck", failed.Message);
        Assert.Equal("no luck\n", _bench.Error);
    }

    [Fact]
    public async Task Wrong_data_are_not_tried_again() =>
        await Assert.ThrowsAsync<JobNotRetryableException>(() => _bench.RunAsync("exit 65"));

    [Fact]
    public async Task A_command_that_has_gone_since_the_start_fails_its_job()
    {
        var folder = Directory.CreateTempSubdirectory("jobs-test-");
        var program = Path.Combine(folder.FullName, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\nexit 0\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var command = JobCommand.Find([program], null) with { SessionLeader = null };
        folder.Delete(recursive: true);
        var nowhere = new CommandOutput(static _ => { }, static (_, _) => { });
        using var runner = new CommandRunner(command, _bench.Guardian, nowhere, TimeProvider.System);

        await Assert.ThrowsAsync<CommandFailedException>(() => runner.RunAsync(
            new JobContext(CommandBench.JobOf(""), "q", NullLogger.Instance), default));
    }

    [Fact]
    public async Task A_pipeline_whose_reader_has_ended_ends()
    {
        await _bench.RunAsync("while :; do echo y; done | head -1").WaitAsync(_deadline);

        Assert.Equal("y\n", _bench.Out);
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_does_not_end_this_process_by_a_signal()
    {
        for (var run = 0; run < 10; run++)
        {
            await _bench.RunAsync("exec 0<&-; exit 0", CommandBench.JobOf(new string('x', 500_000)))
                .WaitAsync(_deadline);
        }
    }

    [Fact]
    public async Task A_cancelled_command_may_finish_its_work()
    {
        using var fifo = new Fifo();
        using var cancel = new CancellationTokenSource();
        var run = _bench.RunAsync(
            $"exec 9> '{fifo.Path}'; trap 'exit 0' TERM; echo ready >&9; while :; do sleep 0.01; done",
            cancel: cancel.Token);
        Assert.Equal("ready", await fifo.LineAsync());

        await cancel.CancelAsync();

        await run.WaitAsync(_deadline);
    }

    [Fact]
    public async Task A_command_that_ignores_its_cancellation_is_killed_with_its_children()
    {
        using var fifo = new Fifo();
        using var cancel = new CancellationTokenSource();
        var run = _bench.RunAsync(
            $"trap '' TERM; exec 9> '{fifo.Path}'; sleep 1000 & echo ready >&9; sleep 1000",
            grace: TimeSpan.FromMilliseconds(100), cancel: cancel.Token);
        Assert.Equal("ready", await fifo.LineAsync());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(_deadline));
        Assert.Equal("", await fifo.EndAsync());
    }

    [Fact]
    public async Task What_a_command_leaves_in_the_background_ends_with_it()
    {
        using var fifo = new Fifo();

        await _bench.RunAsync($"exec 9> '{fifo.Path}'; sleep 1000 & exit 0").WaitAsync(_deadline);

        Assert.Equal("", await fifo.EndAsync());
    }

    [Fact]
    public async Task A_daemon_that_keeps_the_pipes_open_does_not_hold_up_the_job() =>
        await _bench.RunAsync("setsid sleep 1000 & echo done").WaitAsync(_deadline);

    [Fact]
    public async Task The_lines_of_several_commands_are_not_torn()
    {
        const string Script = "i=0; while [ $i -lt 300 ]; do echo \"$JOB_TYPE-0123456789-$JOB_TYPE\"; i=$((i+1)); done";

        await Task.WhenAll("abcd".Select(type => _bench.RunAsync(Script, CommandBench.JobOf("", $"{type}"))))
            .WaitAsync(_deadline);

        var lines = _bench.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1200, lines.Length);
        Assert.All(lines, line => Assert.Equal($"{line[0]}-0123456789-{line[0]}", line));
    }
}
