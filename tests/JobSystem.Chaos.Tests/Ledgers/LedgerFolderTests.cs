using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Ledgers;

public sealed class LedgerFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HandClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_are_merged_by_their_times()
    {
        var random = new Random(5);
        string[] names = ["controller", "worker-1.1", "worker-2.1"];
        var writers = names.Select(name => new LedgerWriter(_folder.Path, name, _clock)).ToList();
        var written = new List<HistoryEvent>();
        for (var number = 0; number < 1000; number++)
        {
            _clock.Now += random.Next(1, 1000);
            HistoryEvent happened = number < names.Length
                ? new HistoryEvent.LedgerOpened(names[number])
                : new HistoryEvent.EnqueueConfirmed(new JobId($"job-{number}"));
            writers[random.Next(names.Length)].Add(happened);
            written.Add(happened);
        }

        writers.ForEach(writer => writer.Dispose());
        var folder = new LedgerFolder(_folder.Path);
        var read = folder.ToList();

        Assert.Equal(written, read.Select(entry => entry.Event).Where(each => each is not HistoryEvent.LedgerClosed));
        Assert.Equal(Enumerable.Range(1, read.Count), read.Select(entry => (int)entry.Number));
        Assert.Equal(TimeSpan.Zero, read[0].At);
        Assert.Empty(folder.Doubts);
    }

    [Fact]
    public void Events_of_one_file_at_one_time_stay_in_their_order()
    {
        using (var writer = new LedgerWriter(_folder.Path, "controller", _clock))
        {
            writer.Add(new HistoryEvent.LedgerOpened("controller"));
            writer.Add(new HistoryEvent.PhaseBegan("one"));
            writer.Add(new HistoryEvent.PhaseBegan("two"));
            writer.Add(new HistoryEvent.PhaseBegan("three"));
        }

        Assert.Equal(["one", "two", "three"], new LedgerFolder(_folder.Path)
            .Select(entry => entry.Event).OfType<HistoryEvent.PhaseBegan>().Select(began => began.Phase));
    }

    [Fact]
    public void An_announced_file_that_is_not_there_is_a_doubt()
    {
        Write("controller", new HistoryEvent.LedgerOpened("controller"), new HistoryEvent.LedgerOpened("worker-1.1"));

        Assert.Equal(["The ledger of worker-1.1 is missing."], Doubts());
    }

    [Fact]
    public void A_file_that_nobody_announced_is_a_doubt()
    {
        Write("controller", new HistoryEvent.LedgerOpened("controller"));
        Write("worker-1.1", new HistoryEvent.PhaseBegan("load"));

        Assert.Equal(["Nobody announced the ledger of worker-1.1."], Doubts());
    }

    [Fact]
    public void A_torn_file_is_a_doubt_only_where_its_process_ended_in_order()
    {
        Write("controller", new HistoryEvent.LedgerOpened("controller"), new HistoryEvent.LedgerOpened("worker-1.1"),
            new HistoryEvent.LedgerOpened("worker-2.1"), new HistoryEvent.WorkerStopped("worker-1.1", 0),
            new HistoryEvent.WorkerKilled("worker-2.1"));
        foreach (var name in (string[])["worker-1.1", "worker-2.1"])
        {
            Write(name, new HistoryEvent.PhaseBegan("load"));
            using var file = File.OpenWrite(_folder.File(name + LedgerWriter.Extension));
            file.SetLength(file.Length - 3);
        }

        Assert.Equal(["The ledger of worker-1.1 is cut, though its process ended in order."], Doubts());
    }

    [Fact]
    public void The_history_can_be_read_again()
    {
        Write("controller", new HistoryEvent.LedgerOpened("controller"), new HistoryEvent.PhaseBegan("load"));
        var folder = new LedgerFolder(_folder.Path);

        Assert.Equal(folder.ToList(), folder.ToList());
    }

    private IReadOnlyList<string> Doubts()
    {
        var folder = new LedgerFolder(_folder.Path);
        Assert.NotEmpty(folder.ToList());
        return folder.Doubts;
    }

    private void Write(string name, params HistoryEvent[] events)
    {
        using var writer = new LedgerWriter(_folder.Path, name, _clock);
        Array.ForEach(events, writer.Add);
    }
}
