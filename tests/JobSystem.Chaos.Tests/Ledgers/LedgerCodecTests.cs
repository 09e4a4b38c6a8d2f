using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Ledgers;

public sealed class LedgerCodecTests
{
    [Fact]
    public void Every_event_is_read_as_it_was_written()
    {
        var events = new RandomEvents(new Random(1));
        foreach (var type in RandomEvents.Types)
        {
            for (var time = 0; time < 200; time++)
            {
                var happened = events.Next(type);
                Assert.Equal(happened, ReadBack(happened));
            }
        }
    }

    [Fact]
    public void There_are_events_to_try() => Assert.True(RandomEvents.Types.Count >= 24);

    [Theory]
    [InlineData("x")]
    [InlineData("€")]
    [InlineData("😀")]
    public void A_text_that_is_too_long_is_cut_at_a_whole_character(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 3000));

        var read = Assert.IsType<HistoryEvent.PhaseBegan>(ReadBack(new HistoryEvent.PhaseBegan(text)));

        Assert.StartsWith(read.Phase, text, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(read.Phase), 990, 1000);
        Assert.DoesNotContain('\uFFFD', read.Phase);
    }

    [Fact]
    public void An_event_that_is_too_short_is_an_error_and_no_event()
    {
        var bytes = new byte[LedgerCodec.MaxEventBytes];
        var length = LedgerCodec.Write(bytes, new HistoryEvent.MessageAcked(new JobId("one"), 3, "chaos"));
        for (var cut = 1; cut < length; cut++)
        {
            Assert.Throws<FormatException>(() => LedgerCodec.Read(bytes.AsSpan(0, cut), new TextCache()));
        }
    }

    [Fact]
    public void Bytes_by_chance_are_an_event_or_a_format_error()
    {
        var random = new Random(2);
        for (var time = 0; time < 100_000; time++)
        {
            var bytes = new byte[random.Next(0, 60)];
            random.NextBytes(bytes);
            if (bytes.Length > 0)
            {
                bytes[0] = (byte)random.Next(0, 30);
            }

            try
            {
                Assert.NotNull(LedgerCodec.Read(bytes, new TextCache()));
            }
            catch (FormatException)
            {
                // as it should be
            }
        }
    }

    private static HistoryEvent ReadBack(HistoryEvent happened)
    {
        var bytes = new byte[LedgerCodec.MaxEventBytes];
        var length = LedgerCodec.Write(bytes, happened);
        return LedgerCodec.Read(bytes.AsSpan(0, length), new TextCache());
    }
}
