using JobSystem.RabbitMq;
using JobSystem.Testing.Probes;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>One at a time, in order, and ends that are kept.</summary>
public sealed class SerialLoopTests
{
    private static readonly AsyncLocal<string?> _context = new();

    private readonly Sightings<string> _handled = new("the loop");
    private readonly Sightings<Exception> _failed = new("the loop");
    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SerialLoop<string> _loop;
    private int _underWay;

    public SerialLoopTests() => _loop = new(HandleAsync, _failed.Add);

    [Fact]
    public async Task Posts_of_one_thread_are_handled_one_at_a_time_in_their_order()
    {
        var posts = Enumerable.Range(0, 1000).Select(number => $"{number}").ToList();

        posts.ForEach(_loop.Post);
        await _loop.CompleteAsync();

        Assert.Equal(posts, _handled.All);
    }

    [Fact]
    public async Task Posts_of_many_threads_are_all_handled_one_at_a_time()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var number = 0; number < 500; number++)
            {
                _loop.Post($"{thread}/{number}");
            }
        })));
        await _loop.CompleteAsync();

        Assert.Empty(_failed.All);
        Assert.Equal(4000, _handled.All.Distinct().Count());
    }

    [Fact]
    public async Task A_post_waits_for_nothing_and_the_next_is_handled_when_the_task_of_the_one_before_has_ended()
    {
        _loop.Post("slow");
        _loop.Post("next");
        await _handled.CountAsync(1, "the slow one");
        Assert.Equal(["slow"], _handled.All);

        _slow.SetResult();
        await _loop.CompleteAsync();

        Assert.Equal(["slow", "next"], _handled.All);
    }

    [Fact]
    public async Task An_end_handles_what_waits_then_says_the_last_and_nothing_comes_behind()
    {
        _loop.Post("slow");
        _loop.Post("waits");

        Assert.True(_loop.End(() => _handled.Add("the last")));
        Assert.False(_loop.End(() => _handled.Add("another last")));
        _loop.Post("late");
        _slow.SetResult();
        await _loop.CompleteAsync();

        Assert.Equal(["slow", "waits", "the last"], _handled.All);
    }

    [Fact]
    public async Task Stopped_it_forgets_what_waits_and_is_quiet_when_the_task_has_ended()
    {
        _loop.Post("slow");
        _loop.Post("waits");
        await _handled.CountAsync(1, "the slow one");
        _loop.End(() => _handled.Add("the last"));

        var stopping = _loop.StopAsync();
        Assert.False(stopping.IsCompleted);
        _slow.SetResult();
        await stopping;

        Assert.Equal(["slow"], _handled.All);
        Assert.Equal(0, _underWay);
    }

    [Fact]
    public async Task After_a_stop_there_is_no_end_and_no_last()
    {
        await _loop.StopAsync();

        Assert.False(_loop.End(() => _handled.Add("the last")));
        _loop.Post("late");
        await _loop.CompleteAsync();

        Assert.Empty(_handled.All);
    }

    [Fact]
    public async Task An_exception_of_the_handler_is_told_once_and_what_it_was_told_to_do_last_is_done()
    {
        SerialLoop<string> loop = null!;
        loop = new(HandleAsync, error =>
        {
            _failed.Add(error);
            loop.End(() => _handled.Add("the last"));
        });

        loop.Post("bad");
        loop.Post("waits");
        await _failed.CountAsync(1, "the exception");
        await loop.CompleteAsync();
        loop.Post("late");

        Assert.Equal("bad", Assert.Single(_failed.All).Message);
        Assert.Equal(["bad", "the last"], _handled.All);
    }

    [Fact]
    public async Task An_exception_of_the_last_action_is_told()
    {
        _loop.End(() => throw new InvalidOperationException("bad"));

        await _loop.CompleteAsync();

        Assert.Equal("bad", Assert.Single(_failed.All).Message);
    }

    [Fact]
    public async Task A_post_is_handled_outside_of_the_context_in_which_the_loop_was_opened()
    {
        _context.Value = "the opener's";
        var seen = new Sightings<string>("the loop");
        var loop = new SerialLoop<string>(
            _ =>
            {
                seen.Add(_context.Value ?? "none");
                return default;
            },
            _failed.Add);

        loop.Post("a");
        await loop.CompleteAsync();

        Assert.Equal(["none"], seen.All);
    }

    private async ValueTask HandleAsync(string post)
    {
        Assert.Equal(1, Interlocked.Increment(ref _underWay));
        _handled.Add(post);
        if (post == "slow")
        {
            await _slow.Task;
        }

        Interlocked.Decrement(ref _underWay);
        if (post == "bad")
        {
            throw new InvalidOperationException(post);
        }
    }
}
