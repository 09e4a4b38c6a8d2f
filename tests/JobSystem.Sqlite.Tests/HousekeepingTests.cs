using JobSystem.Testing.Probes;
using Xunit;
using Xunit.Sdk;

namespace JobSystem.Sqlite.Tests;

/// <summary>The disk is finite: it may be full, and it is not used up by jobs that are long finished.</summary>
public sealed class HousekeepingTests : IDisposable
{
    private const string Queue = "work";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task On_a_full_disk_enqueues_are_rejected_and_all_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await using var desk = await Desk.OpenAsync(disk.Options);
        var (channel, consumer) = await desk.ConsumeAsync(Queue, prefetch: 1);
        await desk.PublishAsync(Queue, Desk.NewJob("held"));
        await consumer.NextAsync();

        var (confirmed, reason) = await FillAsync(desk);
        Assert.Contains("full", reason, StringComparison.Ordinal);
        Assert.Equal(confirmed, (await desk.Connection.InspectAsync(Queue))!.Ready);

        channel.Ack(1, multiple: false);
        disk.MakeRoom();
        for (var number = 0; number < confirmed; number++)
        {
            channel.Ack((await consumer.NextAsync($"job {number + 1} of {confirmed}")).Tag, multiple: false);
        }

        Assert.Empty((await desk.PublishAsync(Queue, Desk.NewJob("after"))).Rejected.All);
        await consumer.NextAsync();
        await channel.DisposeAsync();
        Assert.Equal(1, (await desk.Connection.InspectAsync(Queue))!.Ready);
    }

    [Fact]
    public async Task On_a_disk_that_was_full_before_the_worker_started_jobs_are_claimed_and_finished()
    {
        await using var disk = await SmallDisk.CreateAsync();
        int confirmed;
        await using (var before = await Desk.OpenAsync(disk.Options))
        {
            (confirmed, _) = await FillAsync(before);
        }

        disk.FillUp();
        await using var desk = await Desk.OpenAsync(disk.Options);
        var (channel, consumer) = await desk.ConsumeAsync(Queue, prefetch: 8);
        for (var number = 0; number < confirmed; number++)
        {
            channel.Ack((await consumer.NextAsync($"job {number + 1} of {confirmed}")).Tag, multiple: false);
        }

        await channel.DisposeAsync();
        Assert.Equal(0, (await desk.Connection.InspectAsync(Queue))!.Ready);
    }

    [Fact]
    public async Task An_enqueue_does_not_take_the_room_that_is_kept_to_finish_jobs()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await using var desk = await Desk.OpenAsync(disk.Options);
        await desk.PublishAsync(Queue, Desk.NewJob("held"));
        var (confirmed, _) = await FillAsync(desk);

        var again = await desk.PublishAsync(Queue, Desk.NewJob(new byte[10_000]));

        Assert.Single(again.Rejected.All);
        var (channel, consumer) = await desk.ConsumeAsync(Queue, prefetch: 8);
        for (var number = 0; number <= confirmed; number++)
        {
            channel.Ack((await consumer.NextAsync()).Tag, multiple: false);
        }

        await channel.DisposeAsync();
        Assert.Equal(0, (await desk.Connection.InspectAsync(Queue))!.Ready);
    }

    [Fact]
    public async Task A_body_of_50_MB_arrives_unchanged()
    {
        var body = new byte[50 * 1024 * 1024];
        new Random(1).NextBytes(body);
        await using var desk = await Desk.OpenAsync(_folder.File());
        await desk.PublishAsync(Queue, Desk.NewJob(body));

        var (channel, consumer) = await desk.ConsumeAsync(Queue);

        Assert.True((await consumer.NextAsync()).Job.Body.Span.SequenceEqual(body));
        channel.Ack(1, multiple: false);
        await channel.DisposeAsync();
        Assert.Equal(0, (await desk.Connection.InspectAsync(Queue))!.Ready);
    }

    [Fact]
    public async Task Under_steady_load_the_file_does_not_grow()
    {
        const int Batch = 500;
        await using var desk = await Desk.OpenAsync(_folder.File());
        var (channel, consumer) = await desk.ConsumeAsync(Queue, prefetch: Batch);
        var jobs = Enumerable.Range(0, Batch).Select(number => Desk.NewJob(new byte[1000])).ToArray();
        long early = 0;
        for (var batch = 1; batch <= 40; batch++)
        {
            await desk.PublishAsync(Queue, jobs);
            channel.Ack((await consumer.NextAsync(Batch))[^1].Tag, multiple: true);
            early = batch == 10 ? SizeOnDisk() : early;
        }

        // Jobs of 20 MB have passed; what was there after the first 5 MB is room enough for them all.
        Assert.InRange(SizeOnDisk(), 0, early + (512 * 1024));
    }

    [Fact]
    public async Task Room_that_a_great_many_jobs_have_left_is_given_back_to_the_disk()
    {
        var options = new SqliteOptions { Path = _folder.File(), Lease = TimeSpan.FromMilliseconds(600) };
        await using var desk = await Desk.OpenAsync(options);
        await desk.PublishAsync(Queue, [.. Enumerable.Range(0, 40).Select(_ => Desk.NewJob(new byte[1024 * 1024]))]);
        var (channel, consumer) = await desk.ConsumeAsync(Queue, prefetch: 40);
        await consumer.NextAsync(40);
        channel.Ack(40, multiple: true);

        var started = TimeProvider.System.GetTimestamp();
        while (new FileInfo(_folder.File()).Length > 20 * 1024 * 1024)
        {
            await desk.Connection.InspectAsync(Queue);
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Sightings<int>.Deadline, "It did not shrink.");
        }
    }

    private static async Task<(int Confirmed, string Reason)> FillAsync(Desk desk)
    {
        var confirmed = 0;
        for (var batch = 0; batch < 100; batch++)
        {
            var jobs = Enumerable.Range(0, 10).Select(_ => Desk.NewJob(new byte[10_000])).ToArray();
            var probe = await desk.PublishAsync(Queue, jobs);
            confirmed += probe.Confirmed.Count;
            if (probe.Rejected.Count > 0)
            {
                return (confirmed, probe.Rejected.All[0].Reason);
            }
        }

        throw new XunitException("The disk was never full.");
    }

    private long SizeOnDisk() => new FileInfo(_folder.File()).Length + new FileInfo(_folder.File() + "-wal").Length;
}
