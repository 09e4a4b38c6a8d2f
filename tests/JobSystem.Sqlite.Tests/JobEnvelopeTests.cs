using JobSystem.Sqlite.Storage;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>What a file keeps of a job is all of it.</summary>
public sealed class JobEnvelopeTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly Job _full = new()
    {
        Id = new JobId("job-1"),
        IdWasGiven = true,
        Origin = JobOrigin.Ours,
        Lineage = "lineage",
        Type = "type",
        Body = new byte[] { 1 },
        ContentType = "text/plain",
        Attempt = 300,
        Epoch = 70_000,
        WorkerLosses = 2,
        EnqueuedAt = _time.AddTicks(1),
        DueAt = _time.AddTicks(-1),
        ParkedSince = DateTimeOffset.MinValue,
        Timeout = TimeSpan.FromTicks(-1),
        Priority = 255,
        Checkpoint = new byte[] { 2, 3 },
        TraceParent = "trace",
        Failure = new JobFailure(FailureReason.WorkerLost, "error", 8, "queue", "worker", _time),
        Headers = new Dictionary<string, object?> { ["a"] = 1L },
    };

    [Fact]
    public void Every_property_of_a_job_is_kept()
    {
        var empty = new Job { Id = new JobId("job-2") };
        var kept = JobEnvelope.Decode(1, JobEnvelope.Encode(_full), _full.Body.ToArray());

        // What RabbitMQ's client decoded, or could not, goes back to RabbitMQ only.
        string[] ofAmqp = [nameof(Job.OriginalHeaders), nameof(Job.Unreadable)];
        foreach (var property in typeof(Job).GetProperties()
            .Where(property => property.CanWrite && !ofAmqp.Contains(property.Name)))
        {
            // A new property of jobs has to be set above, and then to be kept.
            Assert.NotEqual(property.GetValue(empty), property.GetValue(_full));
            var (sent, arrived) = (property.GetValue(_full), property.GetValue(kept));
            Assert.Equal(Comparable(sent), Comparable(arrived));
        }
    }

    [Fact]
    public void A_job_with_nothing_but_its_id_is_kept()
    {
        var bare = new Job { Id = new JobId("job-2") };

        var kept = JobEnvelope.Decode(1, JobEnvelope.Encode(bare), []);

        Assert.Equal(bare with { Body = default }, kept with { Body = default, Headers = bare.Headers });
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 0, 3, (byte)'a' })]
    [InlineData(new byte[] { 2, 0, 1, (byte)'a', 1, 1 })]
    public void A_head_that_cannot_be_read_does_not_cost_the_job(byte[] head)
    {
        var job = JobEnvelope.Decode(7, head, "body"u8.ToArray());

        Assert.Equal(JobOrigin.Foreign, job.Origin);
        Assert.Equal("body"u8.ToArray(), job.Body.ToArray());
    }

    private static object? Comparable(object? value) =>
        value is ReadOnlyMemory<byte> bytes ? bytes.ToArray() : value;
}
