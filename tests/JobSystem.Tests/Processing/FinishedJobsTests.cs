using JobSystem.Processing;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>What a worker knows of the jobs that have ended in it: enough to run none twice, never so much that one is
/// lost.</summary>
public sealed class FinishedJobsTests
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(10);
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Job _ours = new()
    {
        Id = new JobId("job"), Origin = JobOrigin.Ours, Epoch = 3, EnqueuedAt = _now.AddMinutes(-1),
    };

    private static readonly Job _foreign = new() { Id = new JobId("job"), Body = "payload"u8.ToArray() };

    private readonly FinishedJobs _finished = new(capacity: 3, _window);

    [Fact]
    public void A_job_that_is_done_is_so_in_each_of_its_messages()
    {
        Remember(_ours, Done);

        Assert.All([1, 3, 4, 9], epoch => Assert.True(Recognises(_ours with { Epoch = epoch })));
    }

    [Fact]
    public void Of_a_job_that_goes_on_only_the_earlier_messages_are_obsolete()
    {
        Remember(_ours, Replaced);

        Assert.True(Recognises(_ours with { Epoch = 2 }));
        Assert.True(Recognises(_ours));
        Assert.False(Recognises(_ours with { Epoch = 4 }));
    }

    [Fact]
    public void An_earlier_message_that_ends_later_takes_nothing_back()
    {
        Remember(_ours, Done);
        Remember(_ours with { Epoch = 1 }, Replaced);

        Assert.True(Recognises(_ours with { Epoch = 4 }));
    }

    [Fact]
    public void Another_job_is_never_recognised()
    {
        Remember(_ours, Done);

        Assert.False(Recognises(_ours with { Id = new JobId("other") }));
        Assert.False(Recognises(_ours with { Lineage = "from elsewhere" }));
    }

    [Fact]
    public void Beyond_the_window_only_a_redelivery_of_the_same_enqueue_is_recognised()
    {
        Remember(_ours, Done);
        var later = _now + _window;
        var again = _ours with { EnqueuedAt = later };

        Assert.True(Recognises(again, at: later.AddTicks(-1)));
        Assert.False(Recognises(_ours, at: later));
        Assert.True(Recognises(_ours, isRedelivered: true, later));
        Assert.False(Recognises(again, isRedelivered: true, later));
    }

    [Fact]
    public void Foreign_messages_alike_are_recognised_as_often_as_an_ack_cannot_have_arrived()
    {
        Remember(_foreign, Done with { Reached = true });
        Remember(_foreign, Done with { Reached = false });

        Assert.False(Recognises(_foreign));
        Assert.True(Recognises(_foreign, isRedelivered: true));
        Assert.False(Recognises(_foreign, isRedelivered: true));
    }

    [Fact]
    public void The_oldest_are_forgotten_first()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            Remember(_ours with { Id = new JobId($"{number}") }, Done, _now.AddSeconds(number));
        }

        Assert.Equal(3, _finished.Count);
        Assert.Equal(
            ["3", "4", "5"],
            Enumerable.Range(1, 5).Select(number => $"{number}").Where(
                id => Recognises(_ours with { Id = new JobId(id) })));
    }

    private static JobEnd Done { get; } =
        new(JobOutcome.Succeeded.Instance, Settlement.Ack.Instance, Reached: true);

    private static JobEnd Replaced { get; } = new(
        new JobOutcome.Failed("no"), new Settlement.Replace(_ours, new Destination("q")), Reached: true);

    private void Remember(Job job, JobEnd end, DateTimeOffset? at = null) =>
        _finished.Remember(JobKey.Of(job), job, end, at ?? _now);

    private bool Recognises(Job job, bool isRedelivered = false, DateTimeOffset? at = null) => _finished.Recognises(
        JobKey.Of(job), new Delivery(job, Tag: 1, isRedelivered, Losses: null), at ?? _now.AddSeconds(5));
}
