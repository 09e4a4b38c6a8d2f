using System.Globalization;
using JobSystem.RabbitMq.Tests.Brokers;
using Xunit;

namespace JobSystem.RabbitMq.Tests.EndToEnd;

/// <summary>The four parts of the well-known tutorial, with Python's own client, against <c>jobs</c>.</summary>
public sealed class TutorialTests
{
    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task Hello_World_reaches_the_command_and_the_log_says_what_its_queue_can_lose(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var send = ChildProcess.Pika("send.py", $"{host.Uri}", "hello", "Hello World!");
        Assert.True(await send.ExitAsync() == 0, send.Printed);

        await using var worker = ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", "hello", "--",
            "sh", "-c", "printf 'got <%s> of %s attempt %s\\n' \"$(cat)\" \"$JOB_QUEUE\" \"$JOB_ATTEMPT\"");
        await worker.LineAsync("got <Hello World!> of hello attempt 1");
        var hazard = await worker.LineAsync("'hello' can lose jobs");
        Assert.Contains("durable", hazard, StringComparison.Ordinal);

        await worker.SignalAsync("TERM");
        Assert.True(await worker.ExitAsync() == 0, worker.Printed);
        Assert.Equal(0, await MessagesAsync(kind, host, "hello"));
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_killed_workers_job_goes_to_another_in_half_a_second_and_is_acked_only_at_its_end(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var send = ChildProcess.Pika("send.py", $"{host.Uri}", "Myqueue", "ten seconds");
        Assert.True(await send.ExitAsync() == 0, send.Printed);
        const string Job = "echo start; sleep 5; echo half; sleep 5; echo end";

        await using var first = Worker(host, "Myqueue", Job);
        await first.LineAsync("start");
        await using var second = Worker(host, "Myqueue", Job);
        await second.LineAsync("Consuming 'Myqueue'");
        await first.LineAsync("half");
        var killed = TimeProvider.System.GetTimestamp();
        first.Kill();
        await second.LineAsync("start");
        var taken = TimeProvider.System.GetElapsedTime(killed);
        Assert.True(taken < TimeSpan.FromSeconds(0.5), $"{taken} from the kill to the start\n{second.Printed}");

        await second.LineAsync("half");
        Assert.Equal(1, await MessagesAsync(kind, host, "Myqueue"));
        await second.LineAsync("end");
        await second.SignalAsync("TERM");
        Assert.True(await second.ExitAsync() == 0, second.Printed);
        Assert.Equal(0, await MessagesAsync(kind, host, "Myqueue"));
        Assert.DoesNotContain("end", first.Lines);
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_durable_classic_task_queue_is_adopted_and_survives_a_restart_without_second_runs(string kind)
    {
        var broker = BrokerUnderTest.Of(kind);
        await using var host = await broker.NewVirtualHostAsync();
        var bodies = Enumerable.Range(1, 8).Select(number => $"task {number}").ToList();
        await using var send = ChildProcess.Pika(
            "send.py", ["--durable", "--persistent", $"{host.Uri}", "task_queue", .. bodies]);
        Assert.True(await send.ExitAsync() == 0, send.Printed);

        // The first two run through the whole restart; the others wait.
        await using var worker = Worker(host, "task_queue",
            "body=$(cat); echo start $body; case $body in *' 1'|*' 2') sleep 12;; esac; echo end $body", slots: 2);
        await worker.LineAsync("start task 1");
        await worker.LineAsync("start task 2");
        await broker.RestartAsync();

        foreach (var body in bodies)
        {
            await worker.LineAsync($"end {body}");
        }

        await worker.SignalAsync("TERM");
        Assert.True(await worker.ExitAsync() == 0, worker.Printed);
        Assert.Equal(0, await MessagesAsync(kind, host, "task_queue"));
        foreach (var body in bodies)
        {
            Assert.True(worker.Lines.Count(line => line.EndsWith($"start {body}", StringComparison.Ordinal)) == 1,
                $"{body} was not run once\n{worker.Printed}");
        }
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task Declaring_a_queue_that_exists_otherwise_names_the_three_ways_out(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var send = ChildProcess.Pika("send.py", $"{host.Uri}", "hello", "Hello World!");
        Assert.True(await send.ExitAsync() == 0, send.Printed);

        await using var declare = ChildProcess.Jobs(
            "queues", "declare", "hello", "--type", "classic", "--broker", $"{host.Uri}");
        Assert.True(await declare.ExitAsync() == 1, declare.Printed);
        Assert.Contains("hello", declare.Printed, StringComparison.Ordinal);
        Assert.Contains("durable", declare.Printed, StringComparison.Ordinal);
        foreach (var way in new[] { "dopt", "name", "elete" })
        {
            Assert.Contains(way, declare.Printed, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task Of_two_workers_with_a_slot_each_the_fast_one_takes_more(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var slow = Worker(host, "task_queue", "echo start slow; sleep 3; echo end");
        await using var fast = Worker(host, "task_queue", "echo start fast; sleep 0.1; echo end");
        await slow.LineAsync("Consuming 'task_queue'");
        await fast.LineAsync("Consuming 'task_queue'");
        await using var enqueue = ChildProcess.Jobs(
            ["enqueue", "--broker", $"{host.Uri}", "--queue", "task_queue",
                .. Enumerable.Range(1, 12).Select(number => $"{number}")]);
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);

        await slow.LineAsync("start slow");
        await slow.LineAsync("end");
        foreach (var worker in new[] { slow, fast })
        {
            await worker.SignalAsync("TERM");
            Assert.True(await worker.ExitAsync() == 0, worker.Printed);
        }

        var (few, many) = (Runs(slow), Runs(fast));
        Assert.True(many > few && few >= 1 && few + many == 12, $"slow {few}, fast {many}");
    }

    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task A_job_of_ours_reaches_a_worker_that_nobody_here_wrote(string kind)
    {
        await using var host = await BrokerUnderTest.Of(kind).NewVirtualHostAsync();
        await using var declare = ChildProcess.Pika(
            "send.py", "--durable", "--persistent", $"{host.Uri}", "task_queue", "first");
        Assert.True(await declare.ExitAsync() == 0, declare.Printed);
        await using var enqueue = ChildProcess.Jobs("enqueue", "--broker", $"{host.Uri}", "--queue", "task_queue",
            "--id", "order-1", "--type", "greet", "second");
        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Printed);
        Assert.Contains("order-1", enqueue.Lines);

        await using var work = ChildProcess.Pika("work.py", $"{host.Uri}", "task_queue", "2");
        Assert.True(await work.ExitAsync() == 0, work.Printed);
        Assert.Contains(work.Lines, line => line.Contains("Received first", StringComparison.Ordinal));
        Assert.Contains(" [x] Received second id=order-1 type=greet mode=2", work.Lines);
    }

    private static ChildProcess Worker(VirtualHost host, string queue, string shell, int slots = 1) =>
        ChildProcess.Jobs("worker", "--broker", $"{host.Uri}", "--queue", queue, "--concurrency", $"{slots}",
            "--", "sh", "-c", shell);

    private static int Runs(ChildProcess worker) =>
        worker.Lines.Count(line => line.Contains("start ", StringComparison.Ordinal)
            && !line.StartsWith("! ", StringComparison.Ordinal));

    /// <summary>Ready and unacked, in the words of the broker itself.</summary>
    private static async Task<int> MessagesAsync(string kind, VirtualHost host, string queue)
    {
        var listed = await BrokerUnderTest.Of(kind).CtlAsync(
            "-q", "list_queues", "--no-table-headers", "-p", host.Name, "name", "messages");
        var row = listed.Split('\n').Single(line => line.StartsWith(queue + "\t", StringComparison.Ordinal));
        return int.Parse(row.Split('\t')[1], CultureInfo.InvariantCulture);
    }
}
