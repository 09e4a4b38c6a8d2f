using Xunit;

namespace JobSystem.TestKit.Tests;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_each_at_its_own()
    {
        Start("b", 2);
        Start("a", 1);
        Start("c", 2);
        Start("d", 3);

        _time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(["a at 1", "b at 2", "c at 2"], _fired);
        Assert.Equal(TimeSpan.FromSeconds(2.5), _time.Elapsed);
    }

    [Fact]
    public void A_periodic_timer_fires_at_each_period_and_not_after_its_disposal()
    {
        ITimer timer = Start("p", 1, period: 2);
        _time.Advance(TimeSpan.FromSeconds(6));
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(["p at 1", "p at 3", "p at 5"], _fired);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void A_timer_that_is_changed_fires_at_its_new_time_only()
    {
        ITimer timer = Start("t", 1);
        timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["t at 5"], _fired);
    }

    [Fact]
    public void A_timer_among_others_can_be_put_off_and_for_ever()
    {
        ITimer putOff = Start("put off", 1);
        Start("a", 2);
        Start("b", 3);
        ITimer never = Start("never", 4);
        putOff.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        never.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.Equal(3, _time.Timers);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["a at 2", "b at 3", "put off at 5"], _fired);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public void A_timer_set_while_another_fires_fires_too_when_it_is_due_on_the_way()
    {
        using ITimer outer = _time.CreateTimer(
            _ => Start("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["inner at 2"], _fired);
    }

    [Fact]
    public void Timestamps_and_the_date_move_together()
    {
        long before = _time.GetTimestamp();
        DateTimeOffset date = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(TimeSpan.FromMinutes(3), _time.GetElapsedTime(before));
        Assert.Equal(date.AddMinutes(3), _time.GetUtcNow());
    }

    private ITimer Start(string name, double due, double period = 0) => _time.CreateTimer(
        _ => _fired.Add($"{name} at {_time.Elapsed.TotalSeconds}"),
        null,
        TimeSpan.FromSeconds(due),
        period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
}
