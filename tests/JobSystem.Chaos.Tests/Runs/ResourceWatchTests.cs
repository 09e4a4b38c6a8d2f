using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

public sealed class ResourceWatchTests
{
    [Fact]
    public void The_brokers_answer_is_read() => Assert.Equal(
        new HistoryEvent.BrokerSampled(65_289_672, 3, 12), ResourceWatch.In("{65289672,3,12}\n"));

    [Theory]
    [InlineData("")]
    [InlineData("{error,nodedown}")]
    [InlineData("{1,2}")]
    [InlineData("{99999999999999999999,1,1}")]
    public void Another_answer_is_no_look(string answer) => Assert.Null(ResourceWatch.In(answer));
}
