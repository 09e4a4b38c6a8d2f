using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Ledgers;

public sealed class LedgerReaderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HandClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_and_the_file_says_that_it_is_whole()
    {
        var events = new RandomEvents(new Random(3));
        var written = Enumerable.Range(0, 5000).Select(_ => events.Next())
            .Where(each => each is not HistoryEvent.LedgerClosed).ToList();
        Write("worker-1.1", written);

        using var reader = Reader("worker-1.1");
        var read = ReadAll(reader);

        Assert.Equal(written, read.SkipLast(1));
        Assert.Equal(new HistoryEvent.LedgerClosed("worker-1.1", written.Count), read[^1]);
        Assert.True(reader.IsClosed);
        Assert.Null(reader.Damage);
        Assert.Equal(0, reader.TornBytes);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_whole_events_only()
    {
        var written = Acks(6);
        Write("worker-1.1", written);
        var whole = File.ReadAllBytes(PathOf("worker-1.1"));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(PathOf("worker-1.1"), whole[..length]);
            using var reader = Reader("worker-1.1");

            var read = ReadAll(reader);

            Assert.Equal(written.Take(read.Count), read);
            Assert.Null(reader.Damage);
            Assert.False(reader.IsClosed);
        }
    }

    [Fact]
    public void A_bit_flipped_anywhere_is_never_taken_for_an_event()
    {
        var written = Acks(4);
        Write("worker-1.1", written);
        var whole = File.ReadAllBytes(PathOf("worker-1.1"));
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var bytes = whole.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(PathOf("worker-1.1"), bytes);
            using var reader = Reader("worker-1.1");

            var read = ReadAll(reader).Where(each => each is not HistoryEvent.LedgerClosed).ToList();

            Assert.Equal(written.Take(read.Count), read);
            Assert.False(reader.IsClosed && reader.Damage is null, $"bit {bit} was not noticed");
        }
    }

    [Fact]
    public void A_file_that_grows_is_read_on_where_it_ended()
    {
        using var writer = new LedgerWriter(_folder.Path, "worker-1.1", _clock);
        using var reader = Reader("worker-1.1");
        var written = Acks(3);

        Assert.Empty(ReadAll(reader));
        writer.Add(written[0]);
        Assert.Equal([written[0]], ReadAll(reader));
        writer.Add(written[1]);
        writer.Add(written[2]);
        Assert.Equal(written[1..], ReadAll(reader));
        Assert.False(reader.IsClosed);
    }

    [Fact]
    public void A_file_that_lacks_events_in_its_middle_is_damaged()
    {
        Write("worker-1.1", Acks(1));
        var one = File.ReadAllBytes(PathOf("worker-1.1"));
        File.Delete(PathOf("worker-1.1"));
        Write("worker-1.1", Acks(3));
        var three = File.ReadAllBytes(PathOf("worker-1.1"));
        var record = (three.Length - one.Length) / 2;
        File.WriteAllBytes(
            PathOf("worker-1.1"), [.. three[..8], .. three[(8 + record)..]]);
        using var reader = Reader("worker-1.1");

        ReadAll(reader);

        Assert.NotNull(reader.Damage);
    }

    [Fact]
    public void Bytes_by_chance_never_throw()
    {
        var random = new Random(4);
        for (var time = 0; time < 2000; time++)
        {
            var bytes = new byte[random.Next(0, 400)];
            random.NextBytes(bytes);
            if (random.Next(4) > 0 && bytes.Length >= 16)
            {
                // A right beginning, and often a length that can be: so that it comes further.
                LedgerWriter.Magic.CopyTo(bytes);
                BitConverter.TryWriteBytes(bytes.AsSpan(8), random.Next(0, bytes.Length));
            }

            File.WriteAllBytes(PathOf("worker-1.1"), bytes);
            using var reader = Reader("worker-1.1");

            Assert.Empty(ReadAll(reader));
        }
    }

    private string PathOf(string name) => _folder.File(name + LedgerWriter.Extension);

    private LedgerReader Reader(string name) => new(PathOf(name), new TextCache());

    private void Write(string name, IEnumerable<HistoryEvent> events)
    {
        using var writer = new LedgerWriter(_folder.Path, name, _clock);
        foreach (var happened in events)
        {
            writer.Add(happened);
        }
    }

    private static HistoryEvent[] Acks(int count) =>
    [
        .. Enumerable.Range(1, count).Select(
            number => new HistoryEvent.MessageAcked(new JobId($"job-{number}"), 0, "q")),
    ];

    private static List<HistoryEvent> ReadAll(LedgerReader reader)
    {
        var all = new List<HistoryEvent>();
        while (reader.TryRead(out _, out var happened))
        {
            all.Add(happened);
        }

        return all;
    }
}
