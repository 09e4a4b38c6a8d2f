using Akka.Actor.Internal;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>What a bench leaves behind on the thread of its test, which other tests use next.</summary>
public sealed class ActorBenchTests
{
    [Fact]
    public void A_handler_of_another_test_finds_no_actor_context_on_the_thread_of_a_bench()
    {
        object? left = "not looked at";
        var thread = new Thread(() =>
        {
            _ = new ActorBench();
            left = InternalCurrentActorCellKeeper.Current;
        });
        thread.Start();
        thread.Join();
        Assert.Null(left);
    }
}
