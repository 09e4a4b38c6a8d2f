using Xunit;

namespace JobSystem.Tests.Jobs;

/// <summary>The names of a queue's lanes at the broker: other programs may rely on them.</summary>
public sealed class LanesTests
{
    [Theory]
    [InlineData(Lane.Work, "images")]
    [InlineData(Lane.Quarantine, "images.quarantine")]
    [InlineData(Lane.Dead, "images.dead")]
    public void Each_lane_has_a_name_of_its_own(Lane lane, string name)
    {
        Assert.Equal(name, Lanes.NameOf("images", lane));
        Assert.Equal(name, new Destination("images", lane, TimeSpan.FromSeconds(1)).ToString());
    }

    [Fact]
    public void A_lane_that_is_not_there_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Lanes.NameOf("images", (Lane)99));

    [Fact]
    public void A_destination_is_the_work_lane_at_once_unless_said_otherwise()
    {
        var destination = new Destination("images");

        Assert.Equal((Lane.Work, TimeSpan.Zero), (destination.Lane, destination.Delay));
    }
}
