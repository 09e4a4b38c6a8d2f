using JobSystem.Testing.Jobs;
using Xunit;

namespace JobSystem.Tests.Jobs;

/// <summary>By what a redelivery is recognised, and that nothing else is taken for it.</summary>
public sealed class JobKeyTests
{
    private static readonly DateTimeOffset _time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly Job _ours = new()
    {
        Id = new JobId("job-1"), Origin = JobOrigin.Ours, Epoch = 2, Body = "payload"u8.ToArray(),
    };

    private static readonly Job _foreign = new()
    {
        Id = new JobId("message-1"),
        Body = "payload"u8.ToArray(),
        Headers = new Dictionary<string, object?> { ["a"] = 1L, ["b"] = "x" },
    };

    [Fact]
    public void A_job_of_ours_is_known_by_its_id_and_lineage_alone()
    {
        var key = JobKey.Of(_ours);

        Assert.True(key.IsUnique);
        Assert.Equal(key, JobKey.Of(_ours with { Body = "other"u8.ToArray(), Attempt = 5, Epoch = 9, Type = "other" }));
        Assert.NotEqual(key, JobKey.Of(_ours with { Id = new JobId("job-2") }));
        Assert.NotEqual(key, JobKey.Of(_ours with { Lineage = "from elsewhere" }));
    }

    [Fact]
    public void A_foreign_message_is_known_by_its_content_whatever_was_given_to_it_on_arrival()
    {
        var key = JobKey.Of(_foreign with { IdWasGiven = true, Lineage = "first arrival" });

        Assert.False(key.IsUnique);
        Assert.Equal(
            key,
            JobKey.Of(_foreign with { IdWasGiven = true, Id = new JobId("another"), Lineage = "second arrival" }));
    }

    [Fact]
    public void Every_part_of_a_foreign_message_matters()
    {
        Job[] others =
        [
            _foreign,
            _foreign with { Id = new JobId("message-2") },
            _foreign with { IdWasGiven = true },
            _foreign with { Type = "t" },
            _foreign with { Type = "" },
            _foreign with { ContentType = "t" },
            _foreign with { Attempt = 2 },
            _foreign with { WorkerLosses = 2 },
            _foreign with { EnqueuedAt = _time },
            _foreign with { DueAt = _time },
            _foreign with { ParkedSince = _time },
            _foreign with { Timeout = TimeSpan.FromSeconds(1) },
            _foreign with { Priority = 1 },
            _foreign with { Priority = 0 },
            _foreign with { Checkpoint = "c"u8.ToArray() },
            _foreign with { Checkpoint = ReadOnlyMemory<byte>.Empty },
            _foreign with { TraceParent = "t" },
            _foreign with { Failure = new JobFailure(FailureReason.TimedOut, "e", 1, "q", "w", _time) },
            _foreign with { Body = "payloaD"u8.ToArray() },
            _foreign with { Body = ReadOnlyMemory<byte>.Empty },
        ];

        Assert.Equal(others.Length, others.Select(JobKey.Of).Distinct().Count());
    }

    [Fact]
    public void Headers_matter_by_name_type_and_value_but_not_by_order()
    {
        static JobKey KeyOf(params (string Name, object? Value)[] headers) => JobKey.Of(
            _foreign with { Headers = headers.ToDictionary(each => each.Name, each => each.Value) });

        JobKey[] keys =
        [
            KeyOf(),
            KeyOf(("a", 1L)),
            KeyOf(("a", 2L)),
            KeyOf(("b", 1L)),
            KeyOf(("a", "1")),
            KeyOf(("a", 1.0)),
            KeyOf(("a", true)),
            KeyOf(("a", "True")),
            KeyOf(("a", null)),
            KeyOf(("a", "")),
            KeyOf(("a", new byte[] { 0x31 })),
            KeyOf(("a", "1"), ("b", "2")),
            KeyOf(("a", "1b"), ("", "2")),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(KeyOf(("a", 1L), ("b", "x")), KeyOf(("b", "x"), ("a", 1L)));
        Assert.Equal(KeyOf(("a", new byte[] { 1, 2 })), KeyOf(("a", new byte[] { 1, 2 })));
    }

    [Fact]
    public void A_body_cannot_pass_itself_off_as_a_header()
    {
        var none = new Dictionary<string, object?>();
        var bytes = new byte[] { (byte)'s', 1, 0, 0, 0, (byte)'a', (byte)'s', 1, 0, 0, 0, (byte)'b' };
        var headers = new Dictionary<string, object?> { ["a"] = "b" };

        Assert.NotEqual(
            JobKey.Of(_foreign with { Headers = none, Body = bytes }),
            JobKey.Of(_foreign with { Headers = headers, Body = ReadOnlyMemory<byte>.Empty }));
    }

    [Fact]
    public void A_successor_is_another_message_of_the_same_job()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var job = RandomJobs.Next(random) with { Origin = JobOrigin.Ours };
            foreach (var outcome in RandomJobs.OutcomesOf(random))
            {
                var settlement = SettlementRules.Decide(job, outcome, RandomJobs.ContextOf(random));
                if (settlement is Settlement.Replace replace)
                {
                    Assert.Equal(JobKey.Of(job), JobKey.Of(replace.Successor));
                    Assert.True(replace.Successor.Epoch > job.Epoch);
                }
            }
        }
    }
}
