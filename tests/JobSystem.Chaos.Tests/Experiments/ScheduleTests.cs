using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Plans;
using Xunit;

namespace JobSystem.Chaos.Tests.Experiments;

public sealed class ScheduleTests
{
    private static readonly Experiment _experiment = new()
    {
        Name = "x",
        About = "x",
        Faults =
        [
            new FaultPlan
            {
                Fault = "worker-kill", At = TimeSpan.FromSeconds(3), Times = 5, Every = TimeSpan.FromSeconds(2),
                Jitter = TimeSpan.FromSeconds(1),
            },
        ],
        Nemesis = new NemesisPlan
        {
            Faults = [new FaultPlan { Fault = "worker-pause" }, new FaultPlan { Fault = "producer-kill" }],
            Times = 50,
        },
    };

    [Fact]
    public void The_same_seed_breaks_the_same_at_the_same_times() =>
        Assert.Equal(Schedule.Of(_experiment, 7), Schedule.Of(_experiment, 7));

    [Fact]
    public void Another_seed_breaks_at_other_times() =>
        Assert.NotEqual(Schedule.Of(_experiment, 7), Schedule.Of(_experiment, 8));

    [Fact]
    public void Faults_come_in_the_order_of_their_times_and_are_numbered_so()
    {
        var schedule = Schedule.Of(_experiment, 7);

        Assert.Equal(55, schedule.Count);
        Assert.Equal(schedule.OrderBy(each => each.At), schedule);
        Assert.Equal(Enumerable.Range(1, 55), schedule.Select(each => each.Number));
    }

    [Fact]
    public void A_jitter_puts_off_and_never_brings_forward()
    {
        var kills = Schedule.Of(_experiment, 7).Where(each => each.Plan.Fault == "worker-kill").ToList();

        for (var time = 0; time < 5; time++)
        {
            Assert.InRange(kills[time].At, TimeSpan.FromSeconds(3 + (2 * time)), TimeSpan.FromSeconds(4 + (2 * time)));
        }
    }

    [Fact]
    public void A_nemesis_draws_every_fault_it_knows() => Assert.Equal(
        ["producer-kill", "worker-pause"],
        Schedule.Of(_experiment with { Faults = [] }, 7).Select(each => each.Plan.Fault).Distinct().Order());
}
