using JobSystem.Cli;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Cli;

/// <summary>The program with standard streams that are full, closed or no streams at all.</summary>
public sealed class StandardStreamsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobs-test-").FullName;

    private string Broker => $"sqlite:{Path.Combine(_folder, "jobs.db")}";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("enqueue --queue q --id one body")]
    [InlineData("enqueue --queue q --id one --json body")]
    [InlineData("queues list --json")]
    [InlineData("queues show q --json")]
    [InlineData("queues declare p")]
    [InlineData("queues delete q --yes")]
    [InlineData("doctor --queue q")]
    [InlineData("demo --jobs 3")]
    public async Task What_a_full_disk_does_not_take_is_told_by_the_exit_code(string line)
    {
        await EnqueueAsync("first");

        var result = await JobsProcess.RunInShellAsync(">/dev/full", WithBroker(line));

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("Standard output could not be written: No space left", result.Error);
    }

    [Theory]
    [InlineData("dead list --queue q")]
    [InlineData("dead list --queue q --json")]
    [InlineData("dead show one --queue q --body")]
    [InlineData("dead requeue --queue q")]
    [InlineData("dead purge --queue q --yes")]
    public async Task A_dead_letter_that_a_full_disk_does_not_take_is_told_by_the_exit_code(string line)
    {
        await EnqueueAsync("first");
        using (var worker = new JobsProcess([.. WithBroker("worker --queue q --"), "sh", "-c", "exit 65"]))
        {
            while (await worker.ErrorLineAsync() is { } told
                && !told.Contains("dead letter", StringComparison.Ordinal))
            {
            }

            Posix.Signal(worker.Id, Posix.SigTerm);
            await worker.EndAsync();
        }

        var result = await JobsProcess.RunInShellAsync(">/dev/full", WithBroker(line));

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("Standard output could not be written: No space left", result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("worker --help")]
    [InlineData("--version")]
    public async Task A_help_that_a_full_disk_does_not_take_is_told_by_the_exit_code(string line)
    {
        var result = await JobsProcess.RunInShellAsync(">/dev/full", line.Split(' '));

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("Standard output could not be written: No space left", result.Error);
    }

    [Fact]
    public async Task A_reader_that_has_read_enough_is_no_failure()
    {
        await EnqueueAsync("first");

        // The reader of this pipe reads nothing and ends.
        var result = await JobsProcess.RunInShellAsync("> >(true)", WithBroker("queues list"));

        Assert.Equal(new JobsResult(ExitCode.Done, "", ""), result);
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("<&- >&-")]
    public async Task An_enqueue_that_was_started_without_standard_output_ends_with_a_code_of_its_own(string streams)
    {
        var result = await JobsProcess.RunInShellAsync(streams, WithBroker("enqueue --queue q --id one body"));

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("it is closed", result.Error);
        var shown = await JobsProcess.RunAsync(WithBroker("queues show q --json"));
        Assert.Contains("\"ready\":1", shown.Out);
    }

    [Theory]
    [InlineData("<&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task A_worker_that_was_started_without_standard_streams_works(string streams)
    {
        using var fifo = new Fifo();
        await EnqueueAsync("body");
        using var worker = JobsProcess.StartInShell(
            streams,
            [.. WithBroker("worker --queue q --"), "sh", "-c", $"cat > '{fifo.Path}'; echo lost; echo lost >&2"]);

        Assert.Equal("body", await fifo.LineAsync());
        Posix.Signal(worker.Id, Posix.SigTerm);

        Assert.Equal(ExitCode.Done, (await worker.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_worker_says_that_the_output_of_its_commands_is_lost_and_goes_on()
    {
        await EnqueueAsync("body");
        using var worker = JobsProcess.StartInShell(">/dev/full", [.. WithBroker("worker --queue q --"), "cat"]);

        while (await worker.ErrorLineAsync() is { } line
            && !line.Contains("Output of commands cannot be written", StringComparison.Ordinal))
        {
        }

        Posix.Signal(worker.Id, Posix.SigTerm);
        Assert.Equal(ExitCode.Done, (await worker.EndAsync()).ExitCode);
        var left = await JobsProcess.RunAsync(WithBroker("queues show q --json"));
        Assert.Contains("\"ready\":0", left.Out);
    }

    [Theory]
    [InlineData("<&-", "", "is closed")]
    [InlineData("<&-", "--lines", "is closed")]
    [InlineData("</", "", "cannot be read")]
    [InlineData("</", "--lines", "ended early")]
    public async Task An_enqueue_whose_standard_input_cannot_be_read_ends_and_says_so(
        string streams, string option, string told)
    {
        var result = await JobsProcess.RunInShellAsync(streams, WithBroker($"enqueue --queue q {option}".TrimEnd()));

        Assert.InRange(result.ExitCode, ExitCode.Failed, ExitCode.Usage);
        Assert.Contains(told, result.Error);
    }

    private async Task EnqueueAsync(string body)
    {
        var result = await JobsProcess.RunAsync([.. WithBroker("enqueue --queue q --id one"), body]);
        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
    }

    /// <summary>The broker comes right behind the verb.</summary>
    private string[] WithBroker(string line)
    {
        var words = line.Split(' ');
        var verb = words.TakeWhile(word => !word.StartsWith('-')).Count();
        return [.. words[..verb], "--broker", Broker, .. words[verb..]];
    }
}
