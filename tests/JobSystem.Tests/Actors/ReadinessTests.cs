using JobSystem.Hosting;
using JobSystem.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>What the health check of a whole tree says of its two connections.</summary>
public sealed class ReadinessTests
{
    private readonly TreeBench _tree = new();

    [Fact]
    public void A_publish_connection_that_was_lost_does_not_leave_health_degraded_when_a_consumer_is_replaced_later()
    {
        Assert.Equal(HealthStatus.Healthy, Check().Status);
        _tree.Connection("publish").Lose("the cable");
        _tree.Bench.Run();
        Assert.Equal(HealthStatus.Degraded, Check().Status);
        Assert.Contains("the cable", Check().Description, StringComparison.Ordinal);
        _tree.Bench.RunFor(ActorBench.Second);
        Assert.Equal(HealthStatus.Healthy, Check().Status);

        _tree.Consumer.Listener.OnClosed(new TransportFailure(TransportFailureKind.Cancelled, "queue deleted"));
        _tree.Bench.Run();
        Assert.Equal(HealthStatus.Degraded, Check().Status);
        _tree.Bench.RunFor(ActorBench.Second);
        Assert.Equal(HealthStatus.Healthy, Check().Status);
    }

    [Fact]
    public void A_consume_connection_that_was_lost_says_nothing_of_the_other()
    {
        _tree.Connection("consume").Lose("the cable");
        _tree.Bench.Run();
        Assert.DoesNotContain("publish", Check().Description, StringComparison.Ordinal);
        _tree.Bench.RunFor(ActorBench.Second);
        Assert.Equal(HealthStatus.Healthy, Check().Status);
    }

    private HealthCheckResult Check() => _tree.Bench.Simulation.Await(
        () => new ReadyHealthCheck(_tree.Host).CheckHealthAsync(new HealthCheckContext()));
}
