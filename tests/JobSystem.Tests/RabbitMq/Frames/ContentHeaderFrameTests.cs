using System.Buffers.Binary;
using JobSystem.RabbitMq.Frames;
using JobSystem.Tests.RabbitMq.Wire;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Frames;

/// <summary>Fields that the client library refuses or changes, through a job and out again.</summary>
public sealed class ContentHeaderFrameTests
{
    public static TheoryData<string, byte[], object?> Unreadable() => new()
    {
        { "a decimal of 40 places", RawField.Of('D', 40, 0, 0, 0, 1), "1E-40" },
        { "an empty table", RawField.Long('F'), "{}" },
        { "an empty array", RawField.Long('A'), "[]" },
        {
            "an empty table in an array in a table",
            RawField.Long('F', RawField.Named("n", RawField.Long('A', [.. RawField.Long('F'), (byte)'V']))),
            """{"n":[{},null]}"""
        },
        { "a type that nobody knows", RawField.Of('Q', 1, 2, 3), "(bytes of an unknown AMQP type: 51010203)" },
        { "a text that is cut off", RawField.Of('S', 0, 0, 0, 9, 1), "(bytes of an unknown AMQP type: 530000000901)" },
        { "a table that ends within a field", RawField.Long('F', 9, 65), "{}" },
    };

    [Theory, MemberData(nameof(Unreadable))]
    public void What_the_library_cannot_read_reaches_the_job_and_leaves_it_byte_for_byte(
        string what, byte[] field, object? seen)
    {
        byte[] table = [.. RawField.Named("kept", RawField.Of('t', 1)), .. RawField.Named("odd", field)];
        var frame = RawField.Frame(table);

        var job = AmqpWire.NewReader().Read(Readable(frame), "body"u8.ToArray(), out _);

        Assert.True(Equals(seen, job.Headers["odd"]), $"{what}: {job.Headers["odd"]}");
        Assert.Equal(true, job.Headers["kept"]);
        Assert.True(Written(job).AsSpan().IndexOf(RawField.Named("odd", field)) > 0);
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(16, false)]
    public void Tables_too_deep_for_a_stack_are_sealed(int depth, bool isSealed) =>
        Assert.Equal(isSealed, ContentHeaderFrame.Seal(RawField.Frame(
            RawField.Named("deep", RawField.Nested(depth)))) is not null);

    [Fact]
    public void A_message_as_deep_as_a_frame_has_room_for_is_a_job()
    {
        var frame = RawField.Frame(RawField.Named("deep", RawField.Nested(18_000)));

        var job = AmqpWire.NewReader().Read(Readable(frame), "body"u8.ToArray(), out _);

        Assert.StartsWith("""{"a":{"a":{"a":""", (string)job.Headers["deep"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_of_every_type_that_the_library_knows_are_left_alone()
    {
        byte[] fields =
        [
            .. RawField.Named("v", RawField.Of('V')), .. RawField.Named("t", RawField.Of('t', 1)),
            .. RawField.Named("b", RawField.Of('b', 1)), .. RawField.Named("B", RawField.Of('B', 1)),
            .. RawField.Named("s", RawField.Of('s', 1, 2)), .. RawField.Named("u", RawField.Of('u', 1, 2)),
            .. RawField.Named("I", RawField.Of('I', 1, 2, 3, 4)), .. RawField.Named("i", RawField.Of('i', 1, 2, 3, 4)),
            .. RawField.Named("f", RawField.Of('f', 1, 2, 3, 4)),
            .. RawField.Named("D", RawField.Of('D', 28, 0, 0, 0, 1)),
            .. RawField.Named("l", RawField.Of('l', 1, 2, 3, 4, 5, 6, 7, 8)),
            .. RawField.Named("d", RawField.Of('d', 1, 2, 3, 4, 5, 6, 7, 8)),
            .. RawField.Named("T", RawField.Of('T', 1, 2, 3, 4, 5, 6, 7, 8)),
            .. RawField.Named("S", RawField.Long('S')), .. RawField.Named("x", RawField.Long('x')),
            .. RawField.Named("A", RawField.Long('A', RawField.Long('F', RawField.Named("n", RawField.Of('V'))))),
        ];

        Assert.Null(ContentHeaderFrame.Seal(RawField.Frame(fields)));
    }

    [Fact]
    public void A_mark_that_a_sender_made_up_opens_nothing()
    {
        var frame = RawField.Frame(RawField.Named("odd", RawField.Long('x', new byte[40])));

        Assert.Null(ContentHeaderFrame.Seal(frame));
        Assert.Null(ContentHeaderFrame.Open(frame));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bytes_of_any_kind_are_survived_and_come_back(int seed)
    {
        var random = new Random(seed);
        var good = RawField.Frame(
        [
            .. RawField.Named("a", RawField.Long('F', RawField.Named("n", RawField.Long('A', RawField.Long('F'))))),
            .. RawField.Named("b", RawField.Of('D', 40, 0, 0, 0, 1)), .. RawField.Named("c", RawField.Nested(5)),
        ]);
        for (var round = 0; round < 20_000; round++)
        {
            var frame = good.ToArray();
            for (var change = random.Next(4); change >= 0; change--)
            {
                frame[random.Next(FrameFilter.FrameStart, frame.Length)] = (byte)random.Next(256);
            }

            if (ContentHeaderFrame.Seal(frame) is { } sealedFrame)
            {
                Assert.Equal(sealedFrame.Length - 8, BinaryPrimitives.ReadInt32BigEndian(sealedFrame.AsSpan(3)));
                Assert.Equal(frame, ContentHeaderFrame.Open(sealedFrame));
            }
        }
    }

    private static ReadOnlyBasicProperties Readable(byte[] frame) =>
        new(RawField.PropertiesOf(ContentHeaderFrame.Seal(frame) ?? frame));

    private static byte[] Written(Job job)
    {
        var writer = AmqpWire.NewWriter();
        Assert.Null(writer.Write(job with { Origin = JobOrigin.Ours, Epoch = 1 }));
        byte[] payload = [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, .. AmqpWire.Bytes(writer.Properties)];
        byte[] frame = [2, 0, 1, 0, 0, 0, 0, .. payload, 0xce];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(3), payload.Length);
        return ContentHeaderFrame.Open(frame) ?? frame;
    }
}
