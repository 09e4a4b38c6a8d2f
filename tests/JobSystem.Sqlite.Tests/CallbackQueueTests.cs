using JobSystem.Sqlite.Channels;
using JobSystem.Testing.Probes;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>Callbacks in order, one at a time, and nothing behind the last.</summary>
public sealed class CallbackQueueTests : IDisposable
{
    private static readonly AsyncLocal<string?> _context = new();

    private readonly Sightings<string> _made = new("the listener");
    private readonly Sightings<Exception> _threw = new("the queue");
    private readonly ManualResetEventSlim _gate = new();
    private readonly CallbackQueue _queue;

    public CallbackQueueTests() => _queue = new(_threw.Add);

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Fact]
    public async Task Callbacks_are_made_in_order_and_not_on_the_thread_that_posts()
    {
        var numbers = Enumerable.Range(0, 1000).Select(number => $"{number}").ToList();
        var thread = Environment.CurrentManagedThreadId;
        var stranger = 0;
        _queue.Post(() => _gate.Wait());

        numbers.ForEach(number => _queue.Post(() =>
        {
            stranger += Environment.CurrentManagedThreadId == thread ? 1 : 0;
            _made.Add(number);
        }));
        Assert.Empty(_made.All);
        _gate.Set();

        await _made.CountAsync(1000, "all callbacks");
        Assert.Equal(numbers, _made.All);
    }

    [Fact]
    public async Task An_end_makes_what_waits_and_then_the_last_and_nothing_comes_behind()
    {
        _queue.Post(() => _gate.Wait());
        Post("waits");

        _queue.End(() => _made.Add("the last"), drop: false);
        _queue.End(() => _made.Add("another last"), drop: true);
        Post("late");
        _gate.Set();

        await _made.CountAsync(2, "the last callback");
        Assert.Equal(["waits", "the last"], _made.All);
    }

    [Fact]
    public async Task An_end_that_drops_makes_only_the_last()
    {
        _queue.Post(() => _gate.Wait());
        Post("waits");

        _queue.End(() => _made.Add("the last"), drop: true);
        _gate.Set();

        await _made.CountAsync(1, "the last callback");
        Assert.Equal(["the last"], _made.All);
    }

    [Fact]
    public async Task An_exception_is_told_and_the_next_callback_is_made()
    {
        _queue.Post(() => throw new InvalidOperationException("bad"));
        Post("next");
        _queue.End(() => throw new InvalidOperationException("bad, too"), drop: false);

        await _threw.CountAsync(2, "the exceptions");
        Assert.Equal(["bad", "bad, too"], _threw.All.Select(error => error.Message));
        Assert.Equal(["next"], _made.All);
    }

    [Fact]
    public async Task A_callback_sees_nothing_of_the_context_in_which_the_queue_was_opened()
    {
        _context.Value = "the opener's";
        var queue = new CallbackQueue(_threw.Add);

        queue.Post(() => _made.Add(_context.Value ?? "none"));

        await _made.CountAsync(1, "the callback");
        Assert.Equal(["none"], _made.All);
    }

    private void Post(string word) => _queue.Post(() => _made.Add(word));
}
