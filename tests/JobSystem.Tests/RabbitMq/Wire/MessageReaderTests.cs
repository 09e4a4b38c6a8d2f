using RabbitMQ.Client;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

/// <summary>Any message is a job.</summary>
public sealed class MessageReaderTests
{
    [Fact]
    public void A_message_with_nothing_is_a_foreign_job_with_an_id_and_a_lineage_of_its_own()
    {
        var reader = AmqpWire.NewReader();
        var bare = AmqpWire.Transmit(new BasicProperties());

        var one = reader.Read(bare, default, out var counted);
        var other = reader.Read(bare, default, out _);

        Assert.Equal((JobOrigin.Foreign, true, 1, 0), (one.Origin, one.IdWasGiven, one.Attempt, one.Epoch));
        Assert.Null(counted);
        Assert.Null(one.Priority);
        Assert.Null(one.EnqueuedAt);
        Assert.Empty(one.Headers);
        Assert.NotEqual(one.Id, other.Id);
        Assert.NotEqual(one.Lineage, other.Lineage);
        Assert.Equal(JobKey.Of(one), JobKey.Of(other));
    }

    [Fact]
    public void Ours_is_what_has_an_id_and_an_epoch()
    {
        var ours = new BasicProperties { MessageId = "a", Headers = Table(("x-job-epoch", 3)) };
        var noEpoch = new BasicProperties { MessageId = "a", Headers = Table(("x-job-lineage", "stolen")) };
        var noId = new BasicProperties { Headers = Table(("x-job-epoch", 3)) };

        Assert.Equal((JobOrigin.Ours, 3, null), Facts(AmqpWire.Read(ours)));
        var foreign = AmqpWire.Read(noEpoch);
        Assert.Equal((JobOrigin.Foreign, "a", false), (foreign.Origin, foreign.Id.Value, foreign.IdWasGiven));
        Assert.NotEqual("stolen", foreign.Lineage);
        Assert.Equal(JobOrigin.Foreign, AmqpWire.Read(noId).Origin);

        static (JobOrigin, int, string?) Facts(Job job) => (job.Origin, job.Epoch, job.Lineage);
    }

    [Fact]
    public void Our_headers_may_come_from_anybody_and_numbers_as_digits()
    {
        var job = AmqpWire.Read(new BasicProperties
        {
            Headers = Table(("x-job-timeout-ms", "1500"), ("x-job-attempt", (byte)4),
                ("x-job-due-at", 1_700_000_000_123L), ("x-job-checkpoint", "at 5"),
                    ("traceparent", "00-a-b-01")),
        });

        Assert.Equal(JobOrigin.Foreign, job.Origin);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), job.Timeout);
        Assert.Equal(4, job.Attempt);
        Assert.Equal(1_700_000_000_123L, job.DueAt?.ToUnixTimeMilliseconds());
        Assert.Equal("at 5"u8.ToArray(), job.Checkpoint?.ToArray());
        Assert.Equal("00-a-b-01", job.TraceParent);
        Assert.Empty(job.Headers);
    }

    [Fact]
    public void What_AMQP_knows_and_a_job_does_not_is_kept_under_names_of_its_own()
    {
        var job = AmqpWire.Read(new BasicProperties
        {
            MessageId = "line\nbreak", CorrelationId = "c", ReplyTo = "r", AppId = "a", ClusterId = "cl",
            UserId = "u", ContentEncoding = "gzip", Expiration = "5",
        });

        Assert.Equal(
            ["amqp.app_id=a", "amqp.cluster_id=cl", "amqp.content_encoding=gzip", "amqp.correlation_id=c",
                "amqp.message_id=line\nbreak", "amqp.reply_to=r", "amqp.user_id=u"],
            job.Headers.Select(header => $"{header.Key}={header.Value}").Order(StringComparer.Ordinal));
    }

    /// <summary>The plugin of RabbitMQ 3.x gives each data section this type; nobody chose it.</summary>
    [Fact]
    public void The_type_of_a_data_section_of_an_amqp_1_0_sender_is_no_type_of_a_job()
    {
        var section = ("x-amqp-1.0-properties", (object?)new byte[] { 0, 0x53, 0x73, 0x45 });

        Assert.Null(AmqpWire.Read(new BasicProperties { Type = "binary", Headers = Table(section) }).Type);
        Assert.Equal("resize", AmqpWire.Read(new BasicProperties { Type = "resize", Headers = Table(section) }).Type);
        Assert.Equal("binary", AmqpWire.Read(new BasicProperties { Type = "binary" }).Type);
    }

    [Fact]
    public void Of_the_brokers_own_notes_only_x_death_is_kept_and_its_count_is_told()
    {
        var transmitted = AmqpWire.Transmit(new BasicProperties
        {
            Headers = Table(("x-death", new List<object?> { 1 }), ("x-first-death-queue", "q"),
                ("x-last-death-reason", "expired"), ("x-opt-seen", 1), ("CC", new List<object?> { "q" }),
                ("BCC", "q"), ("x-dotnet-pub-seq-no", 2L), ("x-acquired-count", 3),
                ("x-delivery-count", 2), ("x-mine", "kept")),
        });

        var job = AmqpWire.NewReader().Read(transmitted, default, out var counted);

        Assert.Equal(2, counted);
        Assert.Equal(["x-death", "x-mine"], job.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Values_have_the_types_of_a_jobs_headers()
    {
        var job = AmqpWire.Read(new BasicProperties
        {
            Headers = Table(
                ("text", "ä"), ("bytes", new byte[] { 0xff }),
                    ("binary", new BinaryTableValue("x"u8.ToArray())),
                ("int", 1), ("short", (short)2), ("byte", (byte)3), ("sbyte", (sbyte)-4),
                    ("ushort", (ushort)5),
                ("uint", 6u), ("long", 7L), ("float", 0.5f), ("double", 0.25), ("bool", true), ("null", null),
                ("decimal", 1.25m), ("time", new AmqpTimestamp(9)),
                ("table", Table(("a", new List<object?> { 1, "b", false, null, 0.5 })))),
        });

        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["text"] = "ä", ["bytes"] = new byte[] { 0xff }, ["binary"] = "x"u8.ToArray(),
                ["int"] = 1L, ["short"] = 2L, ["byte"] = 3L, ["sbyte"] = -4L, ["ushort"] = 5L, ["uint"] = 6L,
                ["long"] = 7L, ["float"] = 0.5, ["double"] = 0.25, ["bool"] = true, ["null"] = null,
                ["decimal"] = "1.25", ["time"] = 9L, ["table"] = """{"a":[1,"b",false,null,0.5]}""",
            },
            job.Headers);
    }

    [Fact]
    public void Nonsense_is_complained_about_by_name_and_left_out()
    {
        var listener = new IgnoredHeaders();

        var job = AmqpWire.Read(new BasicProperties
        {
            MessageId = "a",
            Timestamp = new AmqpTimestamp(long.MaxValue),
            Headers = Table(
                ("x-job-epoch", -1), ("x-job-attempt", 0), ("x-job-timeout-ms", 0L), ("x-job-due-at", "soon"),
                ("x-job-parked-since", long.MaxValue), ("x-job-lineage", ""), ("x-job-checkpoint", 5),
                ("x-job-worker-losses", -5), ("traceparent", new string('x', 1000)),
                ("x-job-failure-reason", "bad luck"), ("x-job-unknown", "kept")),
        }, listener);

        Assert.Equal(JobOrigin.Foreign, job.Origin);
        Assert.Equal((1, 0, 0), (job.Attempt, job.Epoch, job.WorkerLosses));
        Assert.Null(job.Timeout ?? (object?)job.DueAt ?? job.ParkedSince ?? (object?)job.Checkpoint);
        Assert.Null(job.TraceParent ?? (object?)job.Failure ?? job.EnqueuedAt);
        Assert.Equal(["x-job-unknown"], job.Headers.Keys);
        Assert.Equal(11, listener.Headers.Count);
    }

    private static Dictionary<string, object?> Table(params (string Name, object? Value)[] entries) =>
        entries.ToDictionary(entry => entry.Name, entry => entry.Value);
}
