using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>Asynchronous work of an actor: its result comes back as a message, to the instance that began it.</summary>
public sealed class SelfPipeTests
{
    private readonly ActorBench _bench = new();
    private readonly TestProbe _listener;
    private readonly Ref<object> _actor;
    private readonly List<string> _order = [];

    public SelfPipeTests()
    {
        _listener = _bench.Probe();
        _actor = _bench.Start<object>(() => new PipingActor(_bench.Environment, _listener.Ref, _order));
    }

    [Fact]
    public void A_result_comes_back_as_a_message()
    {
        var work = Begin();
        _bench.ExpectNothing(_listener);
        work.SetResult("done");
        Assert.Equal("result done", _bench.Expect<string>(_listener));
    }

    [Fact]
    public void What_the_work_throws_comes_back_as_a_message()
    {
        Begin().SetException(new InvalidOperationException("broken"));
        Assert.Equal("error broken", _bench.Expect<string>(_listener));
        _actor.Tell(new Func<Task<string>>(() => throw new InvalidOperationException("at once")));
        Assert.Equal("error at once", _bench.Expect<string>(_listener));
    }

    [Fact]
    public void Work_that_is_cancelled_comes_back_as_an_error()
    {
        Begin().SetCanceled();
        Assert.StartsWith("error ", _bench.Expect<string>(_listener), StringComparison.Ordinal);
    }

    [Fact]
    public void The_work_does_not_begin_inside_of_the_actor()
    {
        _actor.Tell(new Func<Task<string>>(() =>
        {
            _order.Add("work");
            return Task.FromResult("done");
        }));
        _bench.Run();
        Assert.Equal(["asked", "work"], _order);
    }

    [Fact]
    public void The_result_of_an_earlier_instance_is_dropped_and_that_of_the_new_one_comes()
    {
        var earlier = Begin();
        _actor.Tell("fail");
        _bench.Run();
        var later = Begin();
        earlier.SetResult("of the dead");
        _bench.ExpectNothing(_listener);
        later.SetResult("of the living");
        Assert.Equal("result of the living", _bench.Expect<string>(_listener));
    }

    [Fact]
    public void The_result_for_an_actor_that_has_ended_harms_nobody()
    {
        var work = Begin();
        _bench.System.Stop(_actor.Actor);
        _bench.Run();
        work.SetResult("late");
        _bench.ExpectNothing(_listener);
    }

    private TaskCompletionSource<string> Begin()
    {
        var work = new TaskCompletionSource<string>();
        _actor.Tell(new Func<Task<string>>(() => work.Task));
        _bench.Run();
        return work;
    }

    private sealed class PipingActor(ActorEnvironment environment, IActorRef listener, List<string> order)
        : TypedActor<object>(environment)
    {
        protected override void Receive(object message)
        {
            switch (message)
            {
                case Func<Task<string>> work:
                    PipeToSelf(work, result => $"result {result}", error => $"error {error.Message}");
                    order.Add("asked");
                    break;
                case "fail":
                    throw new InvalidOperationException("It was told to fail.");
                default:
                    listener.Tell(message, ActorRefs.NoSender);
                    break;
            }
        }
    }
}
