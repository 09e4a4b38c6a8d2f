using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class MailboxTests
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_the_order_they_were_told()
    {
        var world = new SimulatedSystem();
        List<int> received = [];
        ActorRef<int> actor = world.Spawn(new Scripted<int> { OnReceive = (_, message) => received.Add(message) });

        for (int message = 0; message < 1000; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal(Enumerable.Range(0, 1000), received);
    }

    [Fact]
    public void A_full_mailbox_refuses_and_the_refused_message_is_a_counted_dead_letter()
    {
        var world = new SimulatedSystem();
        List<int> received = [];
        ActorRef<int> actor = world.Spawn(
            new Scripted<int> { OnReceive = (_, message) => received.Add(message) }, "small", mailboxCapacity: 3);

        for (int message = 0; message < 5; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal([0, 1, 2], received);
        Assert.Equal(2, world.System.DeadLetters[DeadLetterReason.MailboxFull]);
        Assert.Equal(
            [(3, "/test/small"), (4, "/test/small")],
            world.DeadLetters.Select(letter => ((int)letter.Message!, letter.Recipient.ToString())));
    }

    [Fact]
    public void Trying_to_tell_a_full_mailbox_answers_false_and_leaves_no_dead_letter()
    {
        var world = new SimulatedSystem();
        ActorRef<int> actor = world.Spawn(new Scripted<int>(), mailboxCapacity: 1);

        Assert.True(actor.TryTell(1));
        Assert.False(actor.TryTell(2));
        world.Simulation.RunUntilIdle();
        Assert.True(actor.TryTell(3));
        Assert.Equal(0, world.System.DeadLetters.Count);
    }

    [Fact]
    public void Messages_in_hand_take_room_until_they_are_received()
    {
        var world = new SimulatedSystem();
        List<bool> accepted = [];
        ActorRef<int> actor = world.Spawn(
            new Scripted<int>
            {
                OnReceive = (context, message) =>
                {
                    if (message == 0)
                    {
                        // Two of the three wait in hand: there is room for one more, and no more.
                        accepted.Add(context.Self.TryTell(10));
                        accepted.Add(context.Self.TryTell(11));
                    }
                },
            },
            mailboxCapacity: 3);
        for (int message = 0; message < 3; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal([true, false], accepted);
    }

    [Fact]
    public void A_message_to_a_stopped_actor_is_a_counted_dead_letter()
    {
        var world = new SimulatedSystem();
        ActorRef<string> actor = world.Spawn(new Scripted<string>());
        world.Simulation.Await(world.System.StopAsync(actor));

        actor.Tell("late");

        Assert.False(actor.TryTell("also late"));
        Assert.Equal(1, world.System.DeadLetters[DeadLetterReason.Stopped]);
        Assert.Equal("late", Assert.Single(world.DeadLetters).Message);
    }

    [Fact]
    public void A_stopping_actor_receives_nothing_more_and_the_rest_become_dead_letters()
    {
        var world = new SimulatedSystem();
        List<int> received = [];
        ActorRef<int> actor = world.Spawn(new Scripted<int>
        {
            OnReceive = (context, message) =>
            {
                received.Add(message);
                if (message == 2)
                {
                    context.Self.Tell(99);
                    context.StopSelf();
                }
            },
        });
        for (int message = 0; message < 6; message++)
        {
            actor.Tell(message);
        }

        world.Simulation.RunUntilIdle();
        Assert.Equal([0, 1, 2], received);
        Assert.Equal([3, 4, 5, 99], world.DeadLetters.Select(letter => (int)letter.Message!));
    }

    [Fact]
    public void The_system_lane_goes_before_messages_that_wait()
    {
        var world = new SimulatedSystem();
        int received = 0;
        ActorRef<int> actor = world.Spawn(new Scripted<int> { OnReceive = (_, _) => received++ });
        world.Simulation.RunUntilIdle();
        for (int message = 0; message < 100; message++)
        {
            actor.Tell(message);
        }

        Task stopped = world.System.StopAsync(actor);
        world.Simulation.Await(stopped);

        Assert.Equal(0, received);
        Assert.Equal(100, world.System.DeadLetters[DeadLetterReason.Stopped]);
    }

    [Fact]
    public void An_observer_that_throws_harms_neither_the_sender_nor_the_count()
    {
        var simulation = new SimulationDispatcher(1);
        var system = new ActorSystem("test", new ActorSystemOptions
        {
            Dispatcher = simulation,
            OnDeadLetter = _ => throw new InvalidOperationException("observer"),
        });
        ActorRef<int> actor = system.Spawn(() => new Scripted<int>(), mailboxCapacity: 1);

        actor.Tell(1);
        actor.Tell(2);

        Assert.Equal(1, system.DeadLetters.Count);
    }

    [Fact]
    public async Task A_mailbox_on_the_thread_pool_holds_what_it_has_room_for_while_its_actor_is_busy()
    {
        await using var system = new ActorSystem("test");
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        ActorRef<int> actor = system.Spawn(
            () => new Scripted<int>
            {
                OnReceive = (_, message) =>
                {
                    if (message == 0)
                    {
                        entered.Release();
                        leave.Wait();
                    }
                },
            },
            mailboxCapacity: 10);

        actor.Tell(0);
        await entered.WaitAsync();
        int accepted = Enumerable.Range(1, 50).Count(actor.TryTell);
        leave.Release();

        Assert.Equal(10, accepted);
    }
}
