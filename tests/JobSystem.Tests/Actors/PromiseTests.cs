using Akka.Actor;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The reply-to ref of code outside of actors.</summary>
public sealed class PromiseTests
{
    private readonly ActorBench _bench = new();

    [Fact]
    public async Task The_first_answer_completes_it_and_the_next_changes_nothing()
    {
        var promise = new Promise<string>(_bench.System);
        promise.Ref.Tell("first");
        promise.Ref.Tell("second");
        promise.Tell(new Status.Failure(new InvalidOperationException("third")), ActorRefs.NoSender);
        Assert.Equal("first", await promise.Result);
    }

    [Fact]
    public async Task A_failure_of_akka_fails_it_with_its_cause()
    {
        var promise = new Promise<string>(_bench.System);
        promise.Tell(new Status.Failure(new InvalidOperationException("no")), ActorRefs.NoSender);
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => promise.Result)).Message);
    }

    [Fact]
    public void What_is_no_answer_leaves_it_open()
    {
        var promise = new Promise<string>(_bench.System);
        promise.Tell(42, ActorRefs.NoSender);
        Assert.False(promise.Result.IsCompleted);
    }

    [Fact]
    public void An_actor_can_answer_it_as_its_sender()
    {
        var promise = new Promise<string>(_bench.System);
        _bench.Start<object>(() => new EchoActor(_bench.Environment)).Actor.Tell("hello", promise);
        _bench.Run();
        Assert.Equal("hello", _bench.Simulation.Await(promise.Result));
    }

    [Fact]
    public async Task Who_awaits_it_does_not_go_on_on_the_thread_of_the_actor_that_answers()
    {
        var promise = new Promise<string>(_bench.System);
        var goesOn = new TaskCompletionSource<Thread>();
        _ = promise.Result.ContinueWith(
            _ => goesOn.SetResult(Thread.CurrentThread),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var answering = new Thread(() => promise.Ref.Tell("answer"));
        answering.Start();
        Assert.NotSame(answering, await goesOn.Task);
    }
}
