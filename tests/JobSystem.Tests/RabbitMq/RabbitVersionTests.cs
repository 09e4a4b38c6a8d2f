using JobSystem.RabbitMq;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

public sealed class RabbitVersionTests
{
    [Theory]
    [InlineData("3.10.8", 3, 10)]
    [InlineData("4.3.6", 4, 3)]
    [InlineData("4.0.0-beta.1", 4, 0)]
    [InlineData("5.1+git", 5, 1)]
    [InlineData("", 3, 10)]
    [InlineData("four", 3, 10)]
    [InlineData("4", 3, 10)]
    [InlineData(null, 3, 10)]
    public void A_version_that_cannot_be_read_is_the_oldest(string? text, int major, int minor) =>
        Assert.Equal(new RabbitVersion(major, minor), RabbitVersion.Parse(text));

    [Fact]
    public void The_server_properties_tell_it_as_bytes()
    {
        var properties = new Dictionary<string, object?> { ["version"] = "4.0.5"u8.ToArray() };

        Assert.Equal(new RabbitVersion(4, 0), RabbitVersion.Of(properties));
        Assert.Equal(RabbitVersion.Oldest, RabbitVersion.Of(new Dictionary<string, object?>()));
        Assert.Equal(RabbitVersion.Oldest, RabbitVersion.Of(null));
    }

    [Theory]
    [InlineData(3, 10, 128, false, false, false)]
    [InlineData(3, 12, 128, false, true, false)]
    [InlineData(4, 0, 16, true, true, false)]
    [InlineData(4, 3, 16, true, true, true)]
    [InlineData(5, 0, 16, true, true, true)]
    public void What_a_version_knows_follows_from_its_number(
        int major, int minor, int mebibytes, bool unlimited, bool queueTimeout, bool consumerTimeout)
    {
        var version = new RabbitVersion(major, minor);

        Assert.Equal(mebibytes * 1024L * 1024, version.DefaultMaxBodyBytes);
        Assert.Equal(unlimited, version.KnowsUnlimitedDeliveries);
        Assert.Equal(queueTimeout, version.KnowsQueueConsumerTimeout);
        Assert.Equal(consumerTimeout, version.KnowsConsumerTimeout);
    }
}
