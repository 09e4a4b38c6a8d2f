using JobSystem.RabbitMq.Topology;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Topology;

/// <summary>Which step a delay takes.</summary>
public sealed class DelayLadderTests
{
    [Theory]
    [InlineData(-5.0, 0)]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0.501, 1)]
    [InlineData(1.0, 1)]
    [InlineData(1.499, 1)]
    [InlineData(1.5, 2)]
    [InlineData(3.0, 2)]
    [InlineData(3.5, 4)]
    [InlineData(7.4, 4)]
    [InlineData(3600.0, 2048)]
    [InlineData(16383.5, 16384)]
    [InlineData(1e9, 16384)]
    public void A_delay_takes_the_longest_step_that_is_not_much_too_long(double seconds, int step) =>
        Assert.Equal(
            step == 0 ? null : new DelayStep(step), DelayLadder.StepFor(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_longest_delay_there_is_has_a_step() =>
        Assert.Equal(DelayLadder.LongestSeconds, DelayLadder.StepFor(TimeSpan.MaxValue)!.Value.Seconds);

    [Fact]
    public void Step_by_step_every_delay_ends_in_time_and_soon()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var delay = TimeSpan.FromSeconds(Math.Pow(random.NextDouble(), 4) * 30 * 86_400);
            var remaining = delay;
            var steps = 0;
            while (DelayLadder.StepFor(remaining) is { } step)
            {
                remaining -= step.Length;
                steps++;
            }

            Assert.InRange(remaining, -DelayLadder.Tolerance, DelayLadder.Tolerance);
            Assert.InRange(steps, 0, 15 + (delay.TotalSeconds / DelayLadder.LongestSeconds));
        }
    }

    [Fact]
    public void A_step_is_named_by_its_queue_and_length()
    {
        Assert.Equal("images.delay.16s", new DelayStep(16, "images").Name);
        Assert.Equal("jobs.delay.16s", new DelayStep(16).Name);
        Assert.Equal("jobs.delay.16s", new DelayStep(16, new string('n', 250)).Name);
    }

    [Theory]
    [InlineData("jobs.delay.4s", true)]
    [InlineData("images.delay.16384s", true)]
    [InlineData("images", false)]
    [InlineData("images.delay", false)]
    public void A_step_is_known_by_its_name(string name, bool isStep) => Assert.Equal(isStep, DelayLadder.IsStep(name));

    [Fact]
    public void The_names_of_a_ladder_never_have_a_step_that_other_queues_share()
    {
        Assert.Equal(15, DelayLadder.NamesOf("q").Count());
        Assert.All(DelayLadder.NamesOf("q"), name => Assert.StartsWith("q.delay.", name, StringComparison.Ordinal));
        Assert.Empty(DelayLadder.NamesOf(new string('q', 250)));
    }
}
