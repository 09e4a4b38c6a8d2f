using JobSystem.RabbitMq.Tests.Brokers;
using Xunit;

namespace JobSystem.RabbitMq.Tests.EndToEnd;

/// <summary>What goes wrong at three in the morning: no confirmed job is lost, and each says what to do.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_broker_that_is_not_there_is_waited_for_and_given_up_when_told_so()
    {
        var nobody = "amqp://guest:guest@127.0.0.1:1"; // a port that nothing listens on
        await using var waits = ChildProcess.Jobs("worker", "--broker", nobody, "--queue", "q", "--", "cat");
        await using var gives = ChildProcess.Jobs(
            "worker", "--broker", nobody, "--queue", "q", "--connect-timeout", "2s", "--", "cat");
        await waits.LineAsync("Retrying in");
        Assert.True(await gives.ExitAsync() == 3, gives.Printed);
        Assert.Contains("127.0.0.1:1", gives.Printed, StringComparison.Ordinal);
        await waits.SignalAsync("TERM");
        Assert.True(await waits.ExitAsync() == 0, waits.Printed);
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_wrong_password_ends_at_once_with_the_brokers_words_and_no_secret(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        var wrong = new UriBuilder(host.Uri) { Password = "s3cr3t" }.Uri;
        foreach (var verb in new[] { new[] { "worker", "--queue", "q", "--broker", $"{wrong}", "--", "cat" },
            ["enqueue", "--queue", "q", "--broker", $"{wrong}", "body"] })
        {
            await using var jobs = ChildProcess.Jobs(verb);
            Assert.True(await jobs.ExitAsync() == 3, jobs.Printed);
            Assert.Contains("ACCESS_REFUSED", jobs.Printed, StringComparison.Ordinal);
            Assert.DoesNotContain(jobs.Lines, line => line.Contains("s3cr3t", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_virtual_host_that_is_not_there_ends_at_once_with_the_brokers_words(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        var wrong = new UriBuilder(host.Uri) { Path = "/nowhere" }.Uri;
        await using var worker = ChildProcess.Jobs("worker", "--queue", "q", "--broker", $"{wrong}", "--", "cat");
        Assert.True(await worker.ExitAsync() == 3, worker.Printed);
        Assert.Contains("nowhere", worker.Printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker", "--broker", "amqp://[broken", "--queue", "q", "--", "cat")]
    [InlineData("worker", "--broker", "http://localhost", "--queue", "q", "--", "cat")]
    [InlineData("worker", "--broker", "memory:", "--queue", "q", "--concurrency", "none", "--", "cat")]
    [InlineData("worker", "--broker", "memory:", "--queue", "q", "--timeout", "soon", "--", "cat")]
    [InlineData("worker", "--broker", "memory:", "--queue", "q", "--", "no-such-command-anywhere")]
    [InlineData("enqueue", "--broker", "memory:", "--queue", "q", "--delay", "-5s", "body")]
    public async Task A_malformed_option_ends_with_one_line_and_exit_code_2(params string[] arguments)
    {
        await using var jobs = ChildProcess.Jobs(arguments);
        Assert.True(await jobs.ExitAsync() == 2, jobs.Printed);
        Assert.True(jobs.Lines.Count(line => line.Length > 2) == 1, jobs.Printed);
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task An_empty_body_and_one_of_10_MB_reach_the_command_whole(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[10_000_000]);
        await using var big = ChildProcess.Jobs("enqueue", "--broker", $"{host.Uri}", "--queue", "q", "--file", file);
        Assert.True(await big.ExitAsync() == 0, big.Printed);
        await using var empty = ChildProcess.Jobs("enqueue", "--broker", $"{host.Uri}", "--queue", "q", "");
        Assert.True(await empty.ExitAsync() == 0, empty.Printed);
        File.Delete(file);

        await using var worker = ChildProcess.Jobs(
            "worker", "--broker", $"{host.Uri}", "--queue", "q", "--", "sh", "-c", "echo size $(wc -c)");
        await worker.LineAsync("size 10000000");
        await worker.LineAsync("size 0");
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_body_over_the_brokers_limit_is_rejected_and_its_neighbours_are_not(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[(kind == "plain" ? 128 : 16) * 1024 * 1024 + 1]);
        await using var enqueue = ChildProcess.Jobs(
            "enqueue", "--broker", $"{host.Uri}", "--queue", "q", "--file", file);
        Assert.True(await enqueue.ExitAsync() == 1, enqueue.Printed);
        Assert.Contains("bytes", enqueue.Printed, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task An_operator_who_closes_all_connections_costs_no_job_and_no_second_run(string kind)
    {
        var broker = BrokerUnderTest.Of(kind);
        await using var host = await broker.NewVirtualHostAsync();
        await using var worker = ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", "q",
            "--concurrency", "2", "--", "sh", "-c", "body=$(cat); echo start $body; sleep 4; echo end $body");
        await using var enqueue = ChildProcess.Jobs(
            "enqueue", "--broker", $"{host.Uri}", "--queue", "q", "1", "2", "3");
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);
        await worker.LineAsync("start 2");
        await broker.CtlAsync("close_all_connections", "-p", host.Name, "test");

        await worker.LineAsync("end 3");
        await worker.SignalAsync("TERM");
        Assert.True(await worker.ExitAsync() == 0, worker.Printed);
        var starts = worker.Lines.Count(line => line.StartsWith("start", StringComparison.Ordinal));
        Assert.True(starts == 3, worker.Printed);
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_queue_that_is_deleted_under_its_worker_is_declared_again(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var worker = ChildProcess.Jobs(
            "worker", "--broker", $"{host.Uri}", "--queue", "q", "--", "sh", "-c", "echo ran $(cat)");
        await worker.LineAsync("Consuming 'q'");
        await using var delete = ChildProcess.Jobs("queues", "delete", "q", "--yes", "--broker", $"{host.Uri}");
        Assert.True(await delete.ExitAsync() == 0, delete.Printed);
        await using var enqueue = ChildProcess.Jobs("enqueue", "--broker", $"{host.Uri}", "--queue", "q", "after");
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);
        await worker.LineAsync("ran after");
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task An_enqueue_under_a_memory_alarm_says_blocked_and_is_unknown_at_its_deadline(string kind)
    {
        var broker = BrokerUnderTest.Of(kind);
        await using var host = await broker.NewVirtualHostAsync();
        await using var worker = ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", "q", "--", "cat");
        await worker.LineAsync("Consuming 'q'");
        await broker.CtlAsync("set_vm_memory_high_watermark", "0");
        try
        {
            await using var enqueue = ChildProcess.Jobs(
                "enqueue", "--broker", $"{host.Uri}", "--queue", "q", "--deadline", "4s", "body");
            await enqueue.LineAsync("block");
            Assert.True(await enqueue.ExitAsync() == 4, enqueue.Printed);
            Assert.Contains("nknown", enqueue.Printed, StringComparison.Ordinal);
        }
        finally
        {
            await broker.CtlAsync("set_vm_memory_high_watermark", "0.6");
        }
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task SIGTERM_lets_the_running_job_finish_and_tells_its_fate_and_a_second_one_gives_it_back(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var enqueue = ChildProcess.Jobs("enqueue", "--broker", $"{host.Uri}", "--queue", "q", "3", "60");
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);
        string[] command = ["worker", "--broker", $"{host.Uri}", "--queue", "q", "--concurrency", "1", "--",
            "sh", "-c", "seconds=$(cat); echo start $seconds; sleep $seconds; echo end $seconds"];

        await using var patient = ChildProcess.Jobs(command);
        await patient.LineAsync("start 3");
        await patient.SignalAsync("TERM");
        Assert.True(await patient.ExitAsync() == 0, patient.Printed);
        Assert.Contains("end 3", patient.Lines);
        Assert.Contains("inished", patient.Printed, StringComparison.Ordinal);

        await using var hurried = ChildProcess.Jobs(command);
        await hurried.LineAsync("start 60");
        await hurried.SignalAsync("TERM");
        await hurried.LineAsync("SIGTERM: no more jobs");
        await hurried.SignalUntilAsync("TERM", "SIGTERM again");
        Assert.True(await hurried.ExitAsync() == 0, hurried.Printed);

        await using var next = ChildProcess.Jobs(command);
        await next.LineAsync("start 60");
        next.Kill();
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_command_that_refuses_its_data_sends_the_job_to_the_dead_letters_from_where_it_can_be_requeued(
        string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var enqueue = ChildProcess.Jobs(
            "enqueue", "--broker", $"{host.Uri}", "--queue", "q", "--id", "bad-1", "--type", "t", "body");
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);
        await using (var refuses = ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", "q", "--",
            "sh", "-c", "echo no such picture >&2; exit 65"))
        {
            await refuses.LineAsync("bad-1");
            await refuses.LineAsync("dead letter");
            await refuses.SignalAsync("TERM");
            Assert.True(await refuses.ExitAsync() == 0, refuses.Printed);
        }

        await using var list = ChildProcess.Jobs("dead", "list", "--broker", $"{host.Uri}", "--queue", "q", "--json");
        Assert.True(await list.ExitAsync() == 0, list.Printed);
        Assert.Contains(list.Lines, line => line.Contains("bad-1", StringComparison.Ordinal)
            && line.Contains("no such picture", StringComparison.Ordinal));

        await using var requeue = ChildProcess.Jobs(
            "dead", "requeue", "--broker", $"{host.Uri}", "--queue", "q");
        Assert.True(await requeue.ExitAsync() == 0, requeue.Printed);
        await using var worker = ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", "q", "--",
            "sh", "-c", "echo ran $JOB_ID $JOB_TYPE $(cat)");
        await worker.LineAsync("ran bad-1 t body");
    }
}
