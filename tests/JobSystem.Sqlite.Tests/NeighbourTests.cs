using System.Text;
using JobSystem.Testing.Probes;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>Several processes at one file: they wake each other, notice each other's end, and are fenced.</summary>
public sealed class NeighbourTests : IDisposable
{
    private const string Queue = "work";
    private const string LongLease = "600000";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_of_another_process_wakes_a_consumer()
    {
        await using var desk = await Desk.OpenAsync(_folder.File());
        await using var holder = ChildProcess.Start("hold", _folder.File(), Queue, "100", LongLease);
        await holder.SaidAsync("ready");
        var before = TimeProvider.System.GetTimestamp();
        for (var number = 1; number <= 20; number++)
        {
            await desk.PublishAsync(Queue, Desk.NewJob($"job-{number}"));
            await holder.SaidAsync($"delivered {number} job-{number}");
        }

        // A consumer that only looks every two seconds needs twenty for twenty jobs, on the average.
        Assert.InRange(TimeProvider.System.GetElapsedTime(before), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Processes_that_name_the_file_differently_notice_each_others_end()
    {
        Directory.CreateDirectory(_folder.File("real"));
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("real"));
        await using var holder = ChildProcess.Start("hold", _folder.File("real/jobs.db"), Queue, "1", LongLease);
        await holder.SaidAsync("ready");
        await using var desk = await Desk.OpenAsync(_folder.File("link/jobs.db"));
        await desk.PublishAsync(Queue, Desk.NewJob("held"));
        await holder.SaidAsync("delivered 1 held");
        var (_, other) = await desk.ConsumeAsync(Queue);

        await holder.KillAsync();

        Assert.Equal(1, (await other.NextAsync()).Losses);
    }

    [Fact]
    public async Task Delayed_jobs_of_another_process_come_when_they_are_due()
    {
        await using var holder = ChildProcess.Start("hold", _folder.File(), Queue, "100", LongLease);
        await holder.SaidAsync("ready");
        await using var desk = await Desk.OpenAsync(_folder.File());
        var probe = new ProbePublisher();
        await using var channel = await desk.Connection.OpenPublisherAsync(probe);
        var waits = new List<TimeSpan>();
        for (var number = 1; number <= 10; number++)
        {
            var before = TimeProvider.System.GetTimestamp();
            var soon = new Destination(Queue, Delay: TimeSpan.FromMilliseconds(100));
            channel.Publish((ulong)number, Desk.NewJob($"job-{number}"), soon);
            await holder.SaidAsync($"delivered {number} job-{number}");
            waits.Add(TimeProvider.System.GetElapsedTime(before));
        }

        // Never before they are due; and with looking alone each would take a second, also on a machine that is idle.
        Assert.All(waits, wait => Assert.True(wait >= TimeSpan.FromMilliseconds(100), $"{wait}"));
        Assert.True(waits.Min() < TimeSpan.FromMilliseconds(800), $"{waits.Min()}");
    }

    [Fact]
    public async Task What_a_killed_process_held_comes_to_another_long_before_its_lease_is_over()
    {
        await using var desk = await Desk.OpenAsync(_folder.File());
        await using var holder = ChildProcess.Start("hold", _folder.File(), Queue, "2", LongLease);
        await holder.SaidAsync("ready");
        await desk.PublishAsync(Queue, Desk.NewJob("first"), Desk.NewJob("second"));
        await holder.SaidAsync("delivered 2 second");
        var (_, other) = await desk.ConsumeAsync(Queue);

        await holder.KillAsync();

        var again = await other.NextAsync(2);
        Assert.Equal(["first", "second"], again.Select(each => Encoding.UTF8.GetString(each.Job.Body.Span)));
        Assert.All(again, each => Assert.True(each is { Redelivered: true, Losses: 1 }));
    }

    [Fact]
    public async Task What_a_killed_process_held_comes_to_one_that_starts_after_it()
    {
        await using (var desk = await Desk.OpenAsync(_folder.File()))
        {
            await desk.PublishAsync(Queue, Desk.NewJob("held"));
        }

        await using (var holder = ChildProcess.Start("hold", _folder.File(), Queue, "1", LongLease))
        {
            await holder.SaidAsync("delivered 1 held");
            await holder.KillAsync();
        }

        await using var late = await Desk.OpenAsync(_folder.File());
        var (_, other) = await late.ConsumeAsync(Queue);

        Assert.Equal(1, (await other.NextAsync()).Losses);
    }

    [Fact]
    public async Task A_paused_process_that_wakes_up_cannot_settle_what_was_given_to_another()
    {
        // Each buries the other when it shows no sign of life for so long: no busy machine may make that happen.
        var lease = TimeSpan.FromSeconds(6);
        await using var desk = await Desk.OpenAsync(new SqliteOptions { Path = _folder.File(), Lease = lease });
        await using var holder = ChildProcess.Start(
            "hold", _folder.File(), Queue, "1", $"{lease.TotalMilliseconds}");
        await holder.SaidAsync("ready");
        await desk.PublishAsync(Queue, Desk.NewJob("contested"));
        await holder.SaidAsync("delivered 1 contested");
        var (channel, other) = await desk.ConsumeAsync(Queue);

        await holder.PauseAsync();
        var given = await other.NextAsync("the job of the paused process");
        await holder.ResumeAsync();
        await holder.TellAsync("ack 1");
        await holder.SaidAsync("closed Lost");

        // It was not settled by the one that had lost it: it is still here to be lost again.
        Assert.Equal(1, given.Losses);
        await channel.DisposeAsync();
        var (_, third) = await desk.ConsumeAsync(Queue);
        Assert.Equal(2, (await third.NextAsync()).Losses);
    }

    [Fact]
    public async Task Sixteen_processes_that_all_write_at_once_are_all_confirmed()
    {
        const int Processes = 16, Each = 60;
        var producers = Enumerable.Range(0, Processes)
            .Select(_ => ChildProcess.Start("enqueue", _folder.File(), Queue, "2", $"{Each}")).ToList();

        foreach (var producer in producers)
        {
            await producer.EndedAsync();
        }

        var lines = producers.SelectMany(producer => producer.Lines.All).Where(line => line != "done").ToList();
        await using var desk = await Desk.OpenAsync(_folder.File());
        Assert.All(lines, line => Assert.StartsWith("confirmed ", line, StringComparison.Ordinal));
        Assert.Equal(Processes * Each, lines.Distinct().Count());
        Assert.Equal(Processes * Each, (await desk.Connection.InspectAsync(Queue))!.Ready);
        foreach (var producer in producers)
        {
            await producer.DisposeAsync();
        }
    }
}
