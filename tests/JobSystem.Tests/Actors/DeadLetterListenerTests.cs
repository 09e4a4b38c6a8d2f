using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>What was told to the dead: counted for one tree, and answered where somebody waits.</summary>
public sealed class DeadLetterListenerTests
{
    private readonly ActorBench _bench = new();

    [Fact]
    public void Only_what_is_told_to_the_dead_of_its_own_tree_is_counted()
    {
        var tree = new GroupBench(_bench, RestartBudget.Default, Directive.Stop);
        var other = new GroupBench(_bench, RestartBudget.Default, Directive.Stop);
        _bench.Run();
        var listener = DeadLetterListener.Subscribe(_bench.System, tree.Parent.Actor.Path);
        tree.Child("a").Tell("to the living", ActorRefs.NoSender);
        _bench.Run();
        Assert.Equal(0, listener.Count);

        foreach (var group in new[] { tree, other })
        {
            _bench.System.Stop(group.Parent.Actor);
            _bench.Run();
            group.Child("a").Tell("to the dead", ActorRefs.NoSender);
        }

        _bench.Run();
        Assert.Equal(1, listener.Count);
        tree.Parent.Tell("to the dead root");
        Assert.Equal(2, listener.Count);
    }

    [Fact]
    public void A_tree_whose_name_begins_with_that_of_another_is_another()
    {
        var jobs = _bench.Start<object>(() => new EchoActor(_bench.Environment), "jobs");
        var listener = DeadLetterListener.Subscribe(_bench.System, jobs.Actor.Path);
        var ended = Ended("jobs-2");
        ended.Tell("to the dead", ActorRefs.NoSender);
        Assert.Equal(0, listener.Count);
    }

    [Fact]
    public void Who_waits_for_an_answer_of_the_dead_is_answered_before_its_tell_returns()
    {
        var (runner, client) = (_bench.Probe(), _bench.Probe());
        var ended = Ended("tree");
        _ = DeadLetterListener.Subscribe(_bench.System, ended.Path);
        ended.Tell(new ConsumerMessage.Settle(1, true, default, ActorBench.Ref<RunnerMessage>(runner)));
        ended.Tell(new PublisherMessage.Publish(ActorBench.Ours("a"), new Destination("q"), ActorBench.Second,
            ActorBench.Ref<PublishAnswered>(client), Run: 6));
        Assert.True(runner.ExpectMsg<RunnerMessage.SettledTooLate>(TimeSpan.Zero).Ack);
        var answer = client.ExpectMsg<PublishAnswered>(TimeSpan.Zero);
        Assert.Equal(6, answer.Run);
        Assert.IsType<EnqueueResult.Rejected>(answer.Result);
    }

    [Fact]
    public void What_waits_in_the_mailbox_of_an_actor_that_ends_is_answered()
    {
        var client = _bench.Probe();
        var actor = _bench.Start<object>(() => new EchoActor(_bench.Environment), "tree");
        _bench.Run();
        _ = DeadLetterListener.Subscribe(_bench.System, actor.Actor.Path);
        ((IInternalActorRef)actor.Actor).Stop();
        actor.Tell(new PublisherMessage.Publish(ActorBench.Ours("a"), new Destination("q"), ActorBench.Second,
            ActorBench.Ref<PublishAnswered>(client)));
        Assert.IsType<EnqueueResult.Rejected>(_bench.Expect<PublishAnswered>(client).Result);
    }

    private IActorRef Ended(string name)
    {
        var actor = _bench.Start<object>(() => new EchoActor(_bench.Environment), name);
        _bench.Run();
        _bench.System.Stop(actor.Actor);
        _bench.Run();
        return actor.Actor;
    }
}
