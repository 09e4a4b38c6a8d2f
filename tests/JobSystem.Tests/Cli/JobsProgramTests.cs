using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using JobSystem.Cli;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Tests.Cli;

/// <summary>The program as its users meet it: a process, its exit code and what it prints.</summary>
public sealed class JobsProgramTests
{
    [Theory]
    [InlineData("worker --queue q --broker memory: -- no-such-command-here", "no-such-command-here")]
    [InlineData("worker --broker memory: -- true", "--queue")]
    [InlineData("worker --queue q --concurrency many --broker memory: -- true", "--concurrency")]
    [InlineData("worker --queue q --timeout soon --broker memory: -- true", "500ms")]
    [InlineData("enqueue --broker memory: body", "--queue")]
    [InlineData("enqueue --queue q --broker amqp://u:secret@h:x body", "malformed")]
    [InlineData("enqueue --queue q --brokre amqp://u:secret@h body", "--brokre")]
    [InlineData("enqueue --queue q --broker memory: --lines body", "only one")]
    [InlineData("dead purge --broker memory:", "--queue")]
    [InlineData("queues declare q --type odd --broker memory:", "odd")]
    [InlineData("frobnicate", "worker")]
    public async Task A_wrong_command_line_is_one_line_without_secrets_and_exit_code_2(string line, string named)
    {
        var result = await JobsProcess.RunAsync(line.Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        var told = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("jobs: ", told, StringComparison.Ordinal);
        Assert.Contains(named, told);
        Assert.DoesNotContain("secret", told);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("enqueue")]
    [InlineData("queues declare")]
    [InlineData("dead requeue")]
    [InlineData("demo")]
    [InlineData("doctor")]
    public async Task Help_of_a_verb_has_examples_and_the_exit_codes(string verb)
    {
        var result = await JobsProcess.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
        Assert.Contains("Examples:", result.Out);
        Assert.Contains($"jobs {verb}", result.Out);
        Assert.Contains(ExitCode.Explanation, result.Out);
        Assert.DoesNotContain('\e', result.Out);
    }

    [Fact]
    public async Task What_stands_after_the_dashes_is_the_commands_also_where_it_is_spelled_like_an_option_of_ours()
    {
        using var worker = new JobsProcess(
            "worker", "--broker", "memory:", "--timeout", "10m", "--queue", "q", "--",
            "echo", "--timeout", "60", "--queue", "high", "--json");

        await LineWithAsync(worker, "for: echo --timeout 60 --queue high --json");

        Posix.Signal(worker.Id, Posix.SigTerm);
        Assert.Equal(ExitCode.Done, (await worker.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("enqueue --broker memory: --queue q -- --queue", ExitCode.Done)]
    [InlineData("enqueue --broker memory: --queue q --", ExitCode.Done)]
    [InlineData("enqueue --broker memory: --queue q --type --json -- --type", ExitCode.Done)]
    [InlineData("enqueue --broker memory: --queue q --quue --quue", ExitCode.Usage)]
    [InlineData("enqueue --broker memory: --queue q --quue -- --quue", ExitCode.Usage)]
    [InlineData("dead list --broker memory: --quue q", ExitCode.Usage)]
    public async Task Only_a_word_before_the_dashes_can_be_a_mistyped_option(string line, int exitCode) =>
        Assert.Equal(exitCode, (await JobsProcess.RunAsync(line.Split(' '))).ExitCode);

    [Theory]
    [InlineData("enqueue --broker memory: --queue q --id", "'caf?'")]
    [InlineData("enqueue --broker memory: --queue q --file", "'caf?'")]
    [InlineData("enqueue --broker memory: x --queue", "'caf?'")]
    [InlineData("dead show --broker memory: --queue q", "'caf?'")]
    [InlineData("worker --broker memory: --queue q -- echo", "'caf?'")]
    [InlineData("queues declare --broker memory:", "'caf?'")]
    public async Task An_argument_that_is_not_text_is_refused_and_not_changed(string line, string shown)
    {
        var result = await JobsProcess.RunInShellAsync("$'caf\\351'", line.Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.Contains($"{shown} is not UTF-8", result.Error);
    }

    [Fact]
    public async Task A_body_that_is_not_text_arrives_byte_for_byte()
    {
        var folder = Directory.CreateTempSubdirectory("jobs-test-");
        string[] broker = ["--broker", $"sqlite:{Path.Combine(folder.FullName, "jobs.db")}", "--queue", "q"];
        var enqueued = await JobsProcess.RunInShellAsync("$'caf\\351.txt'", ["enqueue", .. broker]);
        Assert.Equal((ExitCode.Done, ""), (enqueued.ExitCode, enqueued.Error));

        using (var worker = new JobsProcess(["worker", .. broker, "--", "sh", "-c", "od -An -tx1 >&2"]))
        {
            await LineWithAsync(worker, "63 61 66 e9 2e 74 78 74");
            Posix.Signal(worker.Id, Posix.SigTerm);
            await worker.EndAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_stop_drains_and_says_so()
    {
        using var worker = new JobsProcess("worker", "--broker", "memory:", "--queue", "q", "--", "true");
        await LineWithAsync(worker, "Consuming 'q'");

        Posix.Signal(worker.Id, Posix.SigTerm);
        var result = await worker.EndAsync();

        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("SIGTERM: no more jobs are taken", result.Error);
        Assert.Contains("Every job is accounted for.", result.Error);
    }

    [Fact]
    public async Task A_killed_worker_takes_its_command_along_and_its_job_is_run_by_another()
    {
        var folder = Directory.CreateTempSubdirectory("jobs-test-");
        using (var fifo = new Fifo())
        {
            string[] broker = ["--broker", $"sqlite:{Path.Combine(folder.FullName, "jobs.db")}", "--queue", "q"];
            var enqueued = await JobsProcess.RunAsync(["enqueue", .. broker, "--id", "mine", "body"]);
            Assert.Equal(new JobsResult(ExitCode.Done, "mine\n", ""), enqueued);

            using var first = new JobsProcess([
                "worker", .. broker, "--", "sh", "-c",
                $"exec 9> '{fifo.Path}'; setsid sleep 1000 & echo ready >&9; sleep 1000"]);
            Assert.Equal("ready", await fifo.LineAsync());
            Posix.Signal(first.Id, Posix.SigKill);
            Assert.Equal("", await fifo.EndAsync());

            using var second = new JobsProcess([
                "worker", .. broker, "--", "sh", "-c", "echo \"ran $JOB_ID $(cat)\" >&2"]);
            await LineWithAsync(second, "ran mine body");
            Posix.Signal(second.Id, Posix.SigTerm);
            Assert.Equal(ExitCode.Done, (await second.EndAsync()).ExitCode);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_enqueue_that_waits_for_more_input_ends_at_a_signal_and_says_what_is_confirmed()
    {
        using var enqueue = new JobsProcess("enqueue", "--broker", "memory:", "--queue", "q", "--lines");
        await enqueue.WriteLineAsync("one");
        Assert.NotEmpty((await enqueue.LineAsync())!);

        Posix.Signal(enqueue.Id, Posix.SigTerm);
        var result = await enqueue.EndAsync();

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("1 confirmed, 0 rejected, 0 unknown", result.Error);
    }

    [Fact]
    public async Task A_worker_gives_up_on_an_absent_broker_after_its_patience()
    {
        var uri = $"amqp://user:secret@127.0.0.1:{FreePort()}";

        var result = await JobsProcess.RunAsync(
            "worker", "--broker", uri, "--queue", "q", "--connect-timeout", "300ms", "--json", "--", "true");

        Assert.Equal(ExitCode.Unreachable, result.ExitCode);
        Assert.DoesNotContain("secret", result.Error);

        // A warning of a connection that is still trying may come behind it.
        var error = Assert.Single(
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonDocument.Parse(line).RootElement),
            static line => line.GetProperty("level").GetString() == "error");
        Assert.Contains("within 300 ms", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_enqueue_takes_its_standard_input_as_one_body_and_prints_the_id()
    {
        using var enqueue = new JobsProcess("enqueue", "--broker", "memory:", "--queue", "q", "--id", "mine");
        await enqueue.FeedAsync("any\nbytes");
        var result = await enqueue.EndAsync();

        Assert.Equal(new JobsResult(ExitCode.Done, "mine\n", ""), result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--broker memory:")]
    public async Task The_demo_kills_a_worker_and_loses_nothing(string broker)
    {
        var options = broker.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var result = await JobsProcess.RunAsync(["demo", "--jobs", "40", "--json", .. options]);

        var last = JsonDocument.Parse(result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal((40, 40, 0, 0), (Number(last, "confirmed"), Number(last, "finished"), Number(last, "lost"),
            Number(last, "wrongOutputs")));
        Assert.Equal(1, Number(last, "kills"));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static async Task LineWithAsync(JobsProcess process, string text)
    {
        while (await process.ErrorLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"It ended without a line with '{text}'.");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
