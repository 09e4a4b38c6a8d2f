using JobSystem.RabbitMq;
using JobSystem.Testing.Probes;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>Writes in order, at once where they can be, and one at a time.</summary>
public sealed class WritePumpTests
{
    [ThreadStatic]
    private static bool _isPosting;

    private readonly List<string> _written = [];
    private readonly Queue<TaskCompletionSource> _slow = new();
    private readonly TaskCompletionSource<Exception> _failed = new();

    [Fact]
    public void While_nothing_waits_a_post_is_written_before_it_returns_and_not_copied()
    {
        var pump = NewPump();

        Assert.True(pump.TryPost("a"));
        Assert.True(pump.TryPost("b"));

        Assert.Equal(["a", "b"], _written);
    }

    [Fact]
    public async Task Behind_a_write_that_takes_its_time_posts_wait_as_copies_in_order()
    {
        var pump = NewPump();
        var slow = Slow();
        pump.TryPost("a");
        pump.TryPost("b");
        pump.TryPost("c");
        Assert.Equal(["a"], _written);

        slow.SetResult();
        await pump.EndAsync();

        Assert.Equal(["a", "copy of b", "copy of c"], _written);
    }

    [Fact]
    public async Task When_all_is_written_posts_are_written_at_once_again()
    {
        var pump = NewPump();
        var slow = Slow();
        pump.TryPost("a");
        pump.TryPost("b");
        slow.SetResult();

        var started = TimeProvider.System.GetTimestamp();
        while (!Written().Contains("z"))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Sightings<string>.Deadline,
                "Never again.");
            pump.TryPost("z");
            await Task.Yield();
        }

        await pump.EndAsync();
        Assert.Equal(["a", "copy of b"], Written().Take(2));
    }

    [Fact]
    public async Task More_than_may_wait_is_refused()
    {
        var pump = NewPump(capacity: 2);
        var slow = Slow();
        pump.TryPost("a");

        Assert.True(pump.TryPost("b"));
        Assert.True(pump.TryPost("c"));
        Assert.False(pump.TryPost("d"));

        slow.SetResult();
        await pump.EndAsync();
        Assert.Equal(3, _written.Count);
    }

    [Fact]
    public async Task An_error_is_told_once_and_not_inside_of_the_post_and_ends_all()
    {
        var toldInside = false;
        var pump = new WritePump<string>(
            _ => throw new IOException("gone"),
            post => post,
            error =>
            {
                toldInside = _isPosting;
                _failed.SetResult(error);
            },
            capacity: 10);
        _isPosting = true;
        pump.TryPost("a");
        pump.TryPost("b");
        _isPosting = false;

        Assert.Equal("gone", (await _failed.Task).Message);
        Assert.False(toldInside);
        Assert.True(pump.TryPost("c"));
        await pump.EndAsync();
    }

    [Fact]
    public async Task After_the_end_posts_are_ignored_and_what_waits_is_still_written()
    {
        var pump = NewPump();
        var slow = Slow();
        pump.TryPost("a");
        pump.TryPost("b");

        var end = pump.EndAsync();
        pump.TryPost("late");
        slow.SetResult();
        await end;

        Assert.Equal(["a", "copy of b"], _written);
    }

    [Fact]
    public async Task Aborted_it_forgets_what_waits()
    {
        var pump = NewPump();
        var slow = Slow();
        pump.TryPost("a");
        pump.TryPost("b");

        pump.Abort();
        slow.SetResult();
        await pump.EndAsync();

        Assert.Equal(["a"], _written);
    }

    private WritePump<string> NewPump(int capacity = 100) =>
        new(WriteAsync, post => $"copy of {post}", _failed.SetResult, capacity);

    private TaskCompletionSource Slow()
    {
        var slow = new TaskCompletionSource();
        _slow.Enqueue(slow);
        return slow;
    }

    private List<string> Written()
    {
        lock (_written)
        {
            return [.. _written];
        }
    }

    private ValueTask WriteAsync(string post)
    {
        lock (_written)
        {
            _written.Add(post);
        }

        return _slow.TryDequeue(out var slow) ? new ValueTask(slow.Task) : default;
    }
}
