using Xunit;

namespace JobSystem.RabbitMq.Tests.Brokers;

[OnBroker("a kind that no run covers")]
public sealed class OnBrokerTests
{
    [Fact]
    public void A_class_whose_broker_is_not_covered_is_not_run() => Assert.Fail("It was run.");
}
