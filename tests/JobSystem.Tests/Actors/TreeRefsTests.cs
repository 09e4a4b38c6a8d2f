using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>Whom code outside of the tree tells what, from its first moment on.</summary>
public sealed class TreeRefsTests
{
    private readonly ActorBench _bench = new();
    private readonly TreeRefs _refs = new();

    [Fact]
    public void Until_its_parts_are_there_the_guardian_is_told()
    {
        var guardian = _bench.Probe();
        _refs.Announce(guardian.Ref);
        Assert.Same(guardian.Ref, _refs.Publisher.Actor);
        Assert.Same(guardian.Ref, _refs.Monitor.Actor);
        Assert.Same(guardian.Ref, _refs.Drain.Actor);
    }

    /// <summary>A guardian starts on a thread of its own: else it would pass on to itself, for ever.</summary>
    [Fact]
    public void Parts_that_were_there_before_the_guardian_was_announced_are_told_themselves()
    {
        var (publisher, monitor, drain) = (_bench.Probe(), _bench.Probe(), _bench.Probe());
        _refs.Open(ActorBench.Ref<PublisherMessage>(publisher),
            ActorBench.Ref<JobSystem.Processing.MonitorMessage>(monitor), ActorBench.Ref<DrainMessage>(drain), []);
        _refs.Announce(_bench.Probe().Ref);
        Assert.Same(publisher.Ref, _refs.Publisher.Actor);
        Assert.Same(monitor.Ref, _refs.Monitor.Actor);
        Assert.Same(drain.Ref, _refs.Drain.Actor);
    }
}
