using Akka.Actor;
using Akka.TestKit;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>Timers of actors on a clock of ours.</summary>
public sealed class TimeProviderSchedulerTests
{
    private static readonly TimeSpan _millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ActorBench _bench = new();
    private readonly TestProbe _probe;

    public TimeProviderSchedulerTests() => _probe = _bench.Probe();

    private IScheduler Scheduler => _bench.System.Scheduler;

    [Fact]
    public void A_timer_of_a_millisecond_fires_after_a_millisecond_and_not_before()
    {
        Scheduler.ScheduleTellOnce(_millisecond, _probe.Ref, "due", ActorRefs.NoSender);
        _bench.RunFor(_millisecond - TimeSpan.FromTicks(1));
        _bench.ExpectNothing(_probe);
        _bench.RunFor(TimeSpan.FromTicks(1));
        Assert.Equal("due", _bench.Expect<string>(_probe));
        _bench.RunFor(TimeSpan.FromHours(1));
        _bench.ExpectNothing(_probe);
    }

    [Fact]
    public void A_timer_that_is_cancelled_never_fires()
    {
        using var cancelable = new Cancelable(Scheduler);
        Scheduler.ScheduleTellOnce(_millisecond, _probe.Ref, "due", ActorRefs.NoSender, cancelable);
        cancelable.Cancel();
        Scheduler.ScheduleTellOnce(_millisecond, _probe.Ref, "after", ActorRefs.NoSender, cancelable);
        _bench.RunFor(TimeSpan.FromHours(1));
        _bench.ExpectNothing(_probe);
        Assert.Equal(0, _bench.Simulation.Time.Timers);
    }

    [Fact]
    public void A_timer_that_repeats_does_so_until_it_is_cancelled()
    {
        using var cancelable = new Cancelable(Scheduler);
        Scheduler.ScheduleTellRepeatedly(
            _millisecond, ActorBench.Second, _probe.Ref, "due", ActorRefs.NoSender, cancelable);
        _bench.RunFor(_millisecond + (ActorBench.Second * 3));
        Assert.Equal(4, _bench.Drain<string>(_probe).Count);
        cancelable.Cancel();
        _bench.RunFor(TimeSpan.FromHours(1));
        _bench.ExpectNothing(_probe);
    }

    [Fact]
    public void What_is_cancelled_after_a_time_is_cancelled_on_the_systems_clock()
    {
        using var cancelable = new Cancelable(Scheduler);
        cancelable.CancelAfter(TimeSpan.FromHours(3));
        _bench.RunFor(TimeSpan.FromHours(2));
        Assert.False(cancelable.IsCancellationRequested);
        _bench.RunFor(TimeSpan.FromHours(2));
        Assert.True(cancelable.IsCancellationRequested);
    }

    [Fact]
    public void It_tells_the_time_of_its_clock()
    {
        Assert.Equal(_bench.Simulation.Time.GetUtcNow(), Scheduler.Now);
        var before = Scheduler.MonotonicClock;
        _bench.RunFor(TimeSpan.FromDays(1));
        Assert.Equal(_bench.Simulation.Time.GetUtcNow(), Scheduler.Now);
        Assert.Equal(TimeSpan.FromDays(1), Scheduler.MonotonicClock - before);
    }

    [Fact]
    public void A_delay_of_nothing_fires_at_once()
    {
        Scheduler.ScheduleTellOnce(TimeSpan.Zero, _probe.Ref, "due", ActorRefs.NoSender);
        Assert.Equal("due", _bench.Expect<string>(_probe));
    }

    [Fact]
    public async Task On_the_real_clock_a_timer_below_akkas_own_ten_milliseconds_fires()
    {
        using var system = OwnActorSystem.Start(TimeProvider.System);
        Assert.IsType<TimeProviderScheduler>(system.Scheduler);
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        system.Scheduler.Advanced.ScheduleOnce(_millisecond, fired.SetResult);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
