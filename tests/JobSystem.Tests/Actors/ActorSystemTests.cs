using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class ActorSystemTests
{
    [Fact]
    public void Children_stop_before_their_parents()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var world = new SimulatedSystem(seed);
            List<string> stopped = [];
            world.System.Spawn(() => Nested(stopped, 3), "a");
            world.Simulation.RunUntilIdle();

            world.Stop();

            Assert.Equal(15, stopped.Count);
            Assert.All(stopped, path => Assert.DoesNotContain(
                stopped.Take(stopped.IndexOf(path)),
                earlier => path.StartsWith(earlier + "/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Actors_without_a_name_are_numbered_and_a_name_is_free_again_after_its_actor_has_stopped()
    {
        var world = new SimulatedSystem();
        ActorRef<int> named = world.Spawn(new Scripted<int>(), "name");
        Assert.Equal("/test/$2", world.Spawn(new Scripted<int>()).ToString());
        Assert.Throws<ArgumentException>(() => world.Spawn(new Scripted<int>(), "name"));

        world.Simulation.Await(world.System.StopAsync(named));

        Assert.NotSame(named, world.Spawn(new Scripted<int>(), "name"));
    }

    [Fact]
    public void Whoever_is_notified_of_the_end_of_a_child_can_use_its_name_again()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var world = new SimulatedSystem(seed, SupervisionStrategy.Stopping);
            int spawned = 0;
            world.Spawn(new Scripted<string>
            {
                OnStarting = Spawn,
                OnReceive = (context, _) => Spawn(context),
            });

            void Spawn(ActorContext<string> context)
            {
                if (++spawned <= 5)
                {
                    ActorRef<int> child = context.Spawn(
                        () => new Scripted<int> { OnStarting = self => self.StopSelf() }, "name");
                    context.Watch(child, "gone");
                }
            }

            world.Simulation.RunUntilIdle();
            Assert.Empty(world.Failures);
            Assert.Equal(6, spawned);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$1")]
    public void A_name_that_would_make_a_path_ambiguous_is_an_error(string name)
    {
        var world = new SimulatedSystem();

        Assert.Throws<ArgumentException>(() => world.Spawn(new Scripted<int>(), name));
    }

    [Fact]
    public void A_child_may_not_take_the_name_of_a_sibling()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        world.Spawn(new Scripted<int>
        {
            OnStarting = context =>
            {
                context.Spawn(() => new Scripted<int>(), "twin");
                context.Spawn(() => new Scripted<int>(), "twin");
            },
        });

        world.Simulation.RunUntilIdle();
        Assert.IsType<ArgumentException>(Assert.Single(world.Failures).Exception);
    }

    [Fact]
    public void An_actor_spawned_in_a_stopped_system_stops_without_having_been_created()
    {
        var world = new SimulatedSystem();
        world.Stop();
        bool created = false;

        ActorRef<int> late = world.System.Spawn(() =>
        {
            created = true;
            return new Scripted<int>();
        });
        late.Tell(1);

        world.Simulation.Await(world.System.WhenStopped(late));
        Assert.False(created);
        Assert.Equal(1, world.System.DeadLetters[DeadLetterReason.Stopped]);
    }

    [Fact]
    public void An_actor_spawned_while_the_system_is_stopping_stops_too()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var world = new SimulatedSystem(seed);
            ActorRef<int>? late = null;
            world.Spawn(new Scripted<int> { OnStopped = _ => late = world.System.Spawn(() => new Scripted<int>()) });
            world.Simulation.RunUntilIdle();

            world.Stop();
            world.Simulation.Await(world.System.WhenStopped(late!));
        }
    }

    [Fact]
    public void Code_outside_asks_and_gets_the_answer()
    {
        var world = new SimulatedSystem();
        ActorRef<Question> actor = world.Spawn(new Scripted<Question>
        {
            OnReceive = (_, question) => question.Asker.Tell(question.Number * 2),
        });

        int answer = world.Simulation.Await(() => Ask(world, actor, 21));

        Assert.Equal(42, answer);
    }

    [Fact]
    public void A_question_that_is_not_answered_in_time_fails_and_the_late_answer_is_a_dead_letter()
    {
        var world = new SimulatedSystem();
        ActorRef<int>? asker = null;
        ActorRef<Question> actor = world.Spawn(new Scripted<Question>
        {
            OnReceive = (_, question) => asker = question.Asker,
        });

        Assert.Throws<TimeoutException>(() => world.Simulation.Await(() => Ask(world, actor, 1)));
        Assert.Equal(TimeSpan.FromSeconds(3), world.Simulation.Time.Elapsed);

        asker!.Tell(2);
        Assert.Equal(1, world.System.DeadLetters[DeadLetterReason.Stopped]);
    }

    [Fact]
    public void A_question_to_a_stopped_actor_fails_at_once()
    {
        var world = new SimulatedSystem();
        ActorRef<Question> actor = world.Spawn(new Scripted<Question>());
        world.Simulation.Await(world.System.StopAsync(actor));

        Assert.Throws<InvalidOperationException>(() => world.Simulation.Await(() => Ask(world, actor, 1)));
        Assert.Equal(TimeSpan.Zero, world.Simulation.Time.Elapsed);
    }

    [Fact]
    public void A_question_can_be_cancelled()
    {
        var world = new SimulatedSystem();
        using var cancel = new CancellationTokenSource();
        ActorRef<Question> actor = world.Spawn(new Scripted<Question> { OnReceive = (_, _) => cancel.Cancel() });

        Assert.ThrowsAny<OperationCanceledException>(
            () => world.Simulation.Await(() => Ask(world, actor, 1, cancel.Token)));
    }

    [Fact]
    public void An_actor_stops_only_itself_and_its_children()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        ActorRef<int> sibling = world.Spawn(new Scripted<int>());
        world.Spawn(new Scripted<int> { OnStarting = context => context.Stop(sibling) });

        world.Simulation.RunUntilIdle();
        Assert.IsType<ArgumentException>(Assert.Single(world.Failures).Exception);
        Assert.False(world.System.WhenStopped(sibling).IsCompleted);
    }

    [Fact]
    public void An_actor_that_is_stopping_spawns_no_children()
    {
        var world = new SimulatedSystem();
        ActorRef<int> actor = world.Spawn(new Scripted<int>
        {
            OnStopped = context => context.Spawn(() => new Scripted<int>()),
        });
        world.Simulation.RunUntilIdle();

        world.Simulation.Await(world.System.StopAsync(actor));
        Assert.IsType<InvalidOperationException>(Assert.Single(world.Failures).Exception);
    }

    [Fact]
    public void The_context_is_not_there_in_the_constructor_and_says_so()
    {
        var world = new SimulatedSystem(supervision: SupervisionStrategy.Stopping);
        world.System.Spawn(() => new TooEarly());

        world.Simulation.RunUntilIdle();
        Assert.Contains("Starting()", Assert.Single(world.Failures).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_random_numbers_of_an_actor_depend_on_the_seed_and_its_path_alone()
    {
        int Draw(ulong seed, string name)
        {
            int drawn = 0;
            var world = new SimulatedSystem(seed);
            world.Spawn(new Scripted<int>());
            world.Spawn(new Scripted<int> { OnStarting = context => drawn = context.Random.Next() }, name);
            world.Simulation.RunUntilIdle();
            return drawn;
        }

        Assert.Equal(Draw(1, "a"), Draw(1, "a"));
        Assert.NotEqual(Draw(1, "a"), Draw(1, "b"));
        Assert.NotEqual(Draw(1, "a"), Draw(2, "a"));
    }

    [Fact]
    public async Task Disposing_a_system_on_the_thread_pool_stops_its_actors()
    {
        int stopped = 0;
        await using (var system = new ActorSystem("test"))
        {
            var started = new TaskCompletionSource();
            system.Spawn(() => new Scripted<int>
            {
                OnStarting = _ => started.SetResult(),
                OnStopped = _ => stopped++,
            });
            await started.Task;
        }

        Assert.Equal(1, stopped);
    }

    private static Task<int> Ask(
        SimulatedSystem world, ActorRef<Question> actor, int number, CancellationToken cancel = default) =>
        world.System.AskAsync<Question, int>(
            actor, asker => new Question(number, asker), TimeSpan.FromSeconds(3), cancel);

    private static Scripted<int> Nested(List<string> stopped, int depth) => new()
    {
        OnStarting = context =>
        {
            for (int child = 0; child < 2 && depth > 0; child++)
            {
                context.Spawn(() => Nested(stopped, depth - 1));
            }
        },
        OnStopped = context => stopped.Add(context.Self.ToString()),
    };

    private sealed record Question(int Number, ActorRef<int> Asker);

    private sealed class TooEarly : Actor<int>
    {
        public TooEarly() => Context.StopSelf();

        protected override void Receive(int message)
        {
        }
    }
}
