using JobSystem.Testing.Jobs;
using RabbitMQ.Client;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Wire;

/// <summary>Over the wire and back, for all jobs and for all that senders may make up.</summary>
public sealed class MessageRoundTripTests
{
    private const int Seeds = 3000;

    private static readonly Dictionary<string, object?> _noHeaders = [];

    private static readonly string[] _names =
    [
        "x-job-epoch", "x-job-attempt", "x-job-due-at", "x-job-timeout-ms", "x-job-checkpoint",
            "x-job-lineage",
        "x-job-parked-since", "x-job-worker-losses", "x-job-failure-reason", "x-job-failure-error",
        "x-job-failure-attempts", "x-job-failure-at", "x-job-failure-queue", "x-job-failure-worker",
            "traceparent",
        "x-death", "x-job-deaths", "x-delivery-count", "CC", "amqp.reply_to", "amqp.user_id", "tenant", "", "ä", "x-",
    ];

    [Fact]
    public void Every_job_of_ours_arrives_as_it_was_sent()
    {
        var writer = AmqpWire.NewWriter();
        var reader = AmqpWire.NewReader();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var sent = RandomJobs.Next(random) with
            {
                Origin = JobOrigin.Ours,
                IdWasGiven = false,
                EnqueuedAt = RandomJobs.Now.AddSeconds(random.Next(100_000)),
                WorkerLosses = random.Next(3),
                Failure = random.Next(3) > 0 ? null : new JobFailure(
                    (FailureReason)random.Next(5), "Grüße\n", random.Next(9), "images", "host/1",
                        RandomJobs.Now),
            };
            sent = sent with { Priority = sent.Priority == 0 ? null : sent.Priority };

            Assert.Null(writer.Write(sent));
            var arrived = reader.Read(AmqpWire.Transmit(writer.Properties), sent.Body, out _);

            Assert.Equal(Facts(sent), Facts(arrived));
            Assert.Equal(sent.Headers, arrived.Headers);
        }
    }

    [Fact]
    public void Whatever_a_sender_makes_up_there_is_a_job_and_its_successor_can_be_sent()
    {
        var reader = AmqpWire.NewReader();
        var writer = AmqpWire.NewWriter();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var foreign = AmqpWire.Transmit(RandomProperties(random));

            var job = reader.Read(foreign, default, out _);

            Assert.True(job.Attempt >= 1 && job.Epoch >= 0, $"seed {seed}");
            Assert.All(job.Headers.Values, value => Assert.True(
                value is null or string or long or double or bool or byte[],
                    $"seed {seed}: {value?.GetType()}"));
            JobKey.Of(job);
            Assert.Null(writer.Write(job with { Epoch = 1, Origin = JobOrigin.Ours }));
            Assert.Null(writer.Properties.Expiration);
            Assert.Equal(DeliveryModes.Persistent, writer.Properties.DeliveryMode);
            var successor = reader.Read(AmqpWire.Transmit(writer.Properties), default, out _);
            Assert.Equal((job.Id, job.Lineage, 1), (successor.Id, successor.Lineage, successor.Epoch));
            Assert.Equal(
                job.Headers.OrderBy(header => header.Key, StringComparer.Ordinal),
                successor.Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
        }
    }

    private static string Facts(Job job)
    {
        var rest = job with { Body = default, Checkpoint = default, Headers = _noHeaders };
        return $"{rest} {(job.Checkpoint is { } checkpoint ? Convert.ToHexString(checkpoint.Span) : "none")}";
    }

    private static BasicProperties RandomProperties(Random random) => new()
    {
        MessageId = Maybe(random, "id", "", "a\0b", new string('x', 200)),
        Type = Maybe(random, "type", ""),
        ContentType = Maybe(random, "text/plain"),
        CorrelationId = Maybe(random, "c", "\u0001"),
        ReplyTo = Maybe(random, "answers"),
        UserId = Maybe(random, "guest"),
        AppId = Maybe(random, "app"),
        Expiration = Maybe(random, "1", "x"),
        Priority = (byte)random.Next(256),
        DeliveryMode = (DeliveryModes)random.Next(3),
        Timestamp = new AmqpTimestamp(random.Next(3) switch
        {
            0 => random.NextInt64(),
            1 => -random.NextInt64(),
            _ => 1_700_000_000,
        }),
        Headers = RandomTable(random, depth: 0),
    };

    private static Dictionary<string, object?> RandomTable(Random random, int depth)
    {
        var table = new Dictionary<string, object?>();
        for (var count = random.Next(8); count > 0; count--)
        {
            table[_names[random.Next(_names.Length)]] = RandomValue(random, depth);
        }

        return table;
    }

    private static object? RandomValue(Random random, int depth) => random.Next(depth > 20 ? 14 : 16) switch
    {
        0 => null,
        1 => "text",
        2 => new string('9', random.Next(30)),
        3 => random.Next(),
        4 => -random.NextInt64(),
        5 => random.NextInt64(),
        6 => random.NextDouble(),
        7 => double.NaN,
        8 => random.Next(2) == 0,
        9 => BytesOf(random),
        10 => new BinaryTableValue(BytesOf(random)),
        11 => new AmqpTimestamp(random.NextInt64()),
        12 => (decimal)random.Next() / 100,
        13 => float.PositiveInfinity,
        14 => RandomTable(random, depth + 1),
        _ => new List<object?> { RandomValue(random, depth + 1), RandomValue(random, depth + 1) },
    };

    private static byte[] BytesOf(Random random)
    {
        var bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string? Maybe(Random random, params string[] texts) =>
        random.Next(2) == 0 ? null : texts[random.Next(texts.Length)];
}
