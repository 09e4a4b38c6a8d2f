using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Chaos.Verification.Measuring;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>How far a load is and how late it is, by its plan and by what was sent.</summary>
public sealed class LoadProgressTests
{
    private static readonly TimeSpan _began = TimeSpan.FromSeconds(1000);

    [Fact]
    public void A_load_with_an_end_is_as_far_as_its_time()
    {
        var progress = Of("100:20s");

        Assert.Equal((0.25, 15.0), (progress.ShareAt(Seconds(5), 0), Left(progress, 5)));
        Assert.Equal((1, 0), (progress.ShareAt(Seconds(50), 0), Left(progress, 50)));
    }

    [Fact]
    public void A_load_without_an_end_ends_when_its_jobs_are_due() =>
        Assert.Equal(16.0, Left(Of("100", jobs: 2000), 4));

    [Fact]
    public void Faults_after_the_load_are_waited_for() =>
        Assert.Equal(25.0, Left(Of("100:20s", lastFault: Seconds(30)), 5));

    [Fact]
    public void Without_a_rate_it_is_as_far_as_its_jobs()
    {
        var progress = Of("max", jobs: 1000);

        Assert.Equal(0.2, progress.ShareAt(Seconds(3), 200));
        Assert.Equal(12.0, progress.LeftAt(Seconds(3), 200)!.Value.TotalSeconds);
        Assert.Null(progress.LeftAt(Seconds(3), 0));
        Assert.Equal(200, progress.DueBy(Seconds(3), 200));
    }

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(2, 100)]
    [InlineData(6, 400)]
    [InlineData(99, 600)]
    public void Jobs_are_due_by_the_plan(double elapsed, long due) =>
        Assert.Equal(due, Of("50:4s,100:4s").DueBy(Seconds(elapsed), 0));

    [Fact]
    public void While_jobs_are_sent_the_delay_is_theirs() =>
        Assert.Equal(0.02, Delay(Of("100:20s"), elapsed: 5, sent: 490, lastDue: 4.9, recent: 0.02));

    [Fact]
    public void When_nothing_is_sent_the_delay_grows_by_itself() =>
        Assert.Equal(4.0, Delay(Of("100:20s"), elapsed: 9, sent: 500, lastDue: 5, recent: null));

    [Fact]
    public void A_pause_in_the_plan_is_no_delay() =>
        Assert.Null(Delay(Of("100:5s,0.01:10s"), elapsed: 9, sent: 500, lastDue: 5, recent: null));

    [Fact]
    public void Chance_is_no_delay() =>
        Assert.Null(Delay(Of("100:20s", poisson: true), elapsed: 9, sent: 850, lastDue: 7.5, recent: null));

    private static LoadProgress Of(string rate, int? jobs = null, TimeSpan lastFault = default, bool poisson = false)
    {
        Assert.True(RateText.TryParse(rate, out var plan));
        return new LoadProgress(
            new WorkloadPlan { Rate = plan, Jobs = jobs ?? (int)plan.Jobs!, Poisson = poisson }, lastFault);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static double? Left(LoadProgress progress, double elapsed) =>
        progress.LeftAt(Seconds(elapsed), 0)?.TotalSeconds;

    private static double? Delay(LoadProgress progress, double elapsed, long sent, double lastDue, double? recent) =>
        progress.DelayAt(
            Seconds(elapsed),
            new RecentFigures(
                sent, _began + Seconds(lastDue), recent is { } late ? Seconds(late) : null, new Histogram(),
                new Histogram()),
            _began)?.TotalSeconds;
}
