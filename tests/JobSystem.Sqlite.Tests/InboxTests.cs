using JobSystem.Sqlite.Broker;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>What the writer takes, what wakes it, and what becomes of operations that nobody takes.</summary>
public sealed class InboxTests
{
    private static readonly TimeSpan _long = TimeSpan.FromDays(1);

    private readonly Inbox _inbox = new();

    [Fact]
    public void Work_is_taken_in_its_order()
    {
        var operations = new[] { new Note(), new Note() };
        _inbox.Add(operations[0]);
        _inbox.Wake();
        _inbox.Add(operations[1]);

        Assert.True(_inbox.TryTake(out var first));
        Assert.True(_inbox.TryTake(out var second));
        Assert.False(_inbox.TryTake(out _));

        Assert.Equal(operations, new[] { first, second });
        Assert.True(_inbox.IsEmpty);
    }

    [Fact]
    public async Task Work_ends_a_wait()
    {
        var waiting = WaitAsync(_long);

        _inbox.Add(new Note());

        await waiting.WaitAsync(Sightings<int>.Deadline);
        Assert.False(_inbox.IsEmpty);
    }

    [Fact]
    public async Task A_wake_ends_one_wait_and_leaves_no_work()
    {
        _inbox.Wake();
        _inbox.Wake();

        await WaitAsync(_long).WaitAsync(Sightings<int>.Deadline);

        Assert.True(_inbox.IsEmpty);
        Assert.False(_inbox.TryTake(out _));
    }

    [Fact]
    public async Task A_wait_that_was_in_vain_costs_the_next_one_nothing()
    {
        await WaitAsync(TimeSpan.FromMilliseconds(1));
        await WaitAsync(TimeSpan.Zero);
        var waiting = WaitAsync(_long);

        _inbox.Wake();

        await waiting.WaitAsync(Sightings<int>.Deadline);
    }

    [Fact]
    public void Closed_it_abandons_what_waits_and_what_comes_later()
    {
        var failure = new TransportFailure(TransportFailureKind.Lost, "The disk is gone.");
        var (early, late) = (new Note(), new Note());
        _inbox.Add(early);
        _inbox.Wake();

        _inbox.Close(failure);
        _inbox.Add(late);
        _inbox.Wake();

        Assert.Equal([failure], early.AbandonedBecause);
        Assert.Equal([failure], late.AbandonedBecause);
    }

    /// <summary>On a thread of its own, as the writer does.</summary>
    private Task WaitAsync(TimeSpan atMost) => Task.Factory.StartNew(
        () => _inbox.Wait(atMost), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Note : Operation
    {
        public List<TransportFailure> AbandonedBecause { get; } = [];

        public override void Execute(Batch batch)
        {
            // Nothing is written.
        }

        public override void Committed(Batch batch)
        {
            // Nobody waits.
        }

        public override bool TryRefuse(string reason) => true;

        public override void Abandoned(TransportFailure failure) => AbandonedBecause.Add(failure);
    }
}
