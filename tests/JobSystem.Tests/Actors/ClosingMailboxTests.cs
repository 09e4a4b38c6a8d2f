using Akka.Actor;
using Akka.Event;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>Nothing that is told to an actor vanishes, also when it ends at that moment: on real threads.</summary>
public sealed class ClosingMailboxTests
{
    private const int Stops = 4_000;

    /// <summary>At each stop: as many as it takes until it has ended, so that some fall into that moment.</summary>
    private const int MaxTells = 1_000;

    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Whatever_is_told_to_an_actor_that_is_being_stopped_is_heard_or_a_dead_letter()
    {
        using var system = OwnActorSystem.Start(TimeProvider.System);
        var census = new Census();
        system.EventStream.Subscribe(new LetterRef(system, census), typeof(DeadLetter));
        var environment = new ActorEnvironment(TimeProvider.System, Seed: 1);
        using var together = new Barrier(2);
        IActorRef actor = ActorRefs.Nobody;
        var hears = new ManualResetEventSlim();
        var stopping = Task.Run(() =>
        {
            for (var round = 0; round < Stops; round++)
            {
                together.SignalAndWait();
                if (round % 2 == 1)
                {
                    hears.Wait(); // else the stop, which overtakes messages, comes first in nearly every round
                }

                ((IInternalActorRef)actor).Stop(); // at once: system.Stop asks its parent to
                together.SignalAndWait();
            }
        });
        var told = await Task.Run(() =>
        {
            var told = 0;
            for (var round = 0; round < Stops; round++)
            {
                var first = new ManualResetEventSlim();
                actor = system.ActorOf(ActorProps.Of<object>(() => new CensusActor(environment, census, first)));
                hears = first;
                together.SignalAndWait();
                for (var tell = 0; tell < MaxTells; tell++)
                {
                    var hasEnded = ActorBench.HasEnded(actor);
                    actor.Tell(Told.Instance, ActorRefs.NoSender);
                    told++;
                    if (hasEnded)
                    {
                        break;
                    }
                }

                together.SignalAndWait();
            }

            return told;
        });
        await stopping;

        await census.ReachAsync(told).WaitAsync(_deadline);
        Assert.True(census.Heard > 0 && census.Letters > 0, $"{census.Heard} heard, {census.Letters} dead letters");
    }

    [Fact]
    public void What_is_enqueued_after_the_clean_up_is_a_dead_letter_of_its_receiver()
    {
        var bench = new ActorBench();
        var letters = bench.Probe();
        var receiver = bench.Probe().Ref;
        var queue = new ClosingMailbox.Messages(receiver, letters.Ref);
        queue.Enqueue(receiver, new Envelope("before", ActorRefs.NoSender));
        queue.CleanUp(receiver, null!);
        queue.Enqueue(receiver, new Envelope("after", ActorRefs.NoSender));
        foreach (var expected in new[] { "before", "after" })
        {
            var letter = letters.ExpectMsg<DeadLetter>(TimeSpan.Zero);
            Assert.Equal((expected, receiver), (letter.Message, letter.Recipient));
        }

        Assert.False(queue.HasMessages);
    }

    [Fact]
    public void Messages_are_heard_in_the_order_in_which_they_were_told()
    {
        var queue = new ClosingMailbox.Messages(ActorRefs.Nobody, ActorRefs.Nobody);
        for (var number = 0; number < 3; number++)
        {
            queue.Enqueue(ActorRefs.Nobody, new Envelope(number, ActorRefs.NoSender));
        }

        Assert.Equal(3, queue.Count);
        for (var number = 0; number < 3; number++)
        {
            Assert.True(queue.TryDequeue(out var envelope));
            Assert.Equal(number, envelope.Message);
        }

        Assert.False(queue.TryDequeue(out _));
    }

    [Fact]
    public void Every_actor_of_a_tree_has_this_mailbox()
    {
        var bench = new ActorBench();
        var parent = bench.Start<object>(() => new EchoActor(bench.Environment));
        bench.Run();
        Assert.Equal(ClosingMailbox.Id, ActorProps.Of<object>(() => new EchoActor(bench.Environment)).Mailbox);
        Assert.IsType<ClosingMailbox>(
            bench.System.Mailboxes.Lookup(((ActorRefWithCell)parent.Actor).Underlying.Props.Mailbox));
    }

    private sealed class Told
    {
        public static readonly Told Instance = new();
    }

    private sealed class Census
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _heard;
        private int _letters;
        private int _expected = int.MaxValue;

        public int Heard => Volatile.Read(ref _heard);

        public int Letters => Volatile.Read(ref _letters);

        public void CountHeard() => Count(ref _heard);

        public void CountLetter() => Count(ref _letters);

        public Task ReachAsync(int expected)
        {
            Interlocked.Exchange(ref _expected, expected);
            CompleteWhenReached();
            return _complete.Task;
        }

        private void Count(ref int counter)
        {
            Interlocked.Increment(ref counter);
            CompleteWhenReached();
        }

        private void CompleteWhenReached()
        {
            if (Heard + Letters >= Volatile.Read(ref _expected))
            {
                _complete.TrySetResult();
            }
        }
    }

    private sealed class CensusActor(ActorEnvironment environment, Census census, ManualResetEventSlim hears)
        : TypedActor<object>(environment)
    {
        protected override void Receive(object message)
        {
            census.CountHeard();
            hears.Set();
        }
    }

    private sealed class LetterRef(ActorSystem system, Census census) : MinimalActorRef
    {
        public override ActorPath Path => Provider.RootPath / "census";

        public override IActorRefProvider Provider => ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is DeadLetter { Message: Told })
            {
                census.CountLetter();
            }
        }
    }
}
