using System.Buffers.Binary;
using JobSystem.RabbitMq.Frames;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Frames;

public sealed class FrameFilterTests
{
    private const byte ContentHeader = 2;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Frames_in_pieces_of_any_size_pass_in_order_and_only_header_frames_are_rewritten(int seed)
    {
        var random = new Random(seed);
        var frames = Enumerable.Range(0, 300).Select(_ => NewFrame(random)).ToList();
        var sent = "AMQP0091"u8.ToArray().Concat(frames.SelectMany(static frame => frame)).ToArray();
        var expected = "AMQP0091"u8.ToArray()
            .Concat(frames.SelectMany(static frame => Twice(frame) ?? frame)).ToArray();
        var filter = new FrameFilter(preamble: 8, static frame => Twice(frame));
        var passed = new List<byte>();

        for (var at = 0; at < sent.Length;)
        {
            var count = Math.Min(sent.Length - at, random.Next(1, random.Next(3) == 0 ? 100_000 : 40));
            passed.AddRange(filter.Pass(sent.AsMemory(at, count)).ToArray());
            at += count;
        }

        Assert.True(expected.AsSpan().SequenceEqual(passed.ToArray()));
    }

    [Fact]
    public void A_stream_that_is_not_amqp_passes_untouched()
    {
        var filter = new FrameFilter(preamble: 0, static _ => throw new InvalidOperationException("not a frame"));
        var answer = "HTTP/1.1 400 Bad Request\r\n\r\n\u0002\0\0\0\0\0\0"u8.ToArray();

        Assert.Equal(answer, filter.Pass(answer).ToArray());
        Assert.Equal(answer, filter.Pass(answer).ToArray());
    }

    [Fact]
    public void A_header_frame_that_claims_gigabytes_is_not_kept_back()
    {
        var filter = new FrameFilter(preamble: 0, static _ => throw new InvalidOperationException("not whole"));
        byte[] start = [ContentHeader, 0, 1, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3];

        Assert.Equal(start, filter.Pass(start).ToArray());
    }

    [Fact]
    public void A_frame_that_is_cut_off_waits_for_its_rest()
    {
        var filter = new FrameFilter(preamble: 0, static _ => null);
        byte[] frame = [ContentHeader, 0, 1, 0, 0, 0, 2, 9, 9, 0xce];

        Assert.Empty(filter.Pass(frame.AsMemory(0, 4)).ToArray());
        Assert.Empty(filter.Pass(frame.AsMemory(4, 5)).ToArray());
        Assert.Equal(frame, filter.Pass(frame.AsMemory(9)).ToArray());
    }

    private static byte[]? Twice(ReadOnlySpan<byte> frame) =>
        frame[0] == ContentHeader && frame[^2] % 2 == 0 ? [.. frame, .. frame] : null;

    private static byte[] NewFrame(Random random)
    {
        byte type = random.Next(6) switch { 0 => 1, 1 => 3, 2 => 8, _ => ContentHeader };
        var size = type == 8 ? 0 : random.Next(20) == 0 ? random.Next(130_000) : random.Next(1, 300);
        var frame = new byte[FrameFilter.FrameStart + size + FrameFilter.FrameEnd];
        random.NextBytes(frame);
        frame[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(3), size);
        frame[^1] = 0xce;
        return frame;
    }
}
