using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace JobSystem.Actors;

/// <summary>
/// Akka's scheduler on a <see cref="TimeProvider"/>: the real clock in production, virtual time in a simulation.
/// Why not Akka's own: it refuses ticks below 10 ms, fires a timer of 1 ms after 10, reads the real clock, and costs
/// 55 ms of CPU for each idle second (measured, Akka 1.5.74).
/// </summary>
/// <remarks>
/// It must not implement Akka's <c>IDateTimeOffsetNowTimeProvider</c>: with that mark <c>Cancelable.CancelAfter</c>
/// uses the real clock. Made by Akka from its configuration, so the clock is handed over beside it:
/// <see cref="Start"/>.
/// </remarks>
internal sealed class TimeProviderScheduler(Config config, ILoggingAdapter log)
    : SchedulerBase(config, log), IDisposable
{
    [ThreadStatic]
    private static TimeProvider? _starting;

    private readonly TimeProvider _clock = _starting ?? TimeProvider.System;
    private readonly CancellationTokenSource _ended = new();

    public override TimeSpan MonotonicClock => _clock.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => _clock.GetUtcNow();

    /// <summary>For <c>akka.scheduler.implementation</c>.</summary>
    public static string TypeName { get; } =
        $"{typeof(TimeProviderScheduler).FullName}, {typeof(TimeProviderScheduler).Assembly.GetName().Name}";

    /// <summary>Starts a system whose scheduler reads this clock.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="create">Creates the system, on this thread.</param>
    public static ActorSystem Start(TimeProvider clock, Func<ActorSystem> create)
    {
        _starting = clock;
        try
        {
            return create();
        }
        finally
        {
            _starting = null;
        }
    }

    /// <summary>Called by Akka at the end of its system: what repeats ends, and what is due later never
    /// comes.</summary>
    public void Dispose() => _ended.Cancel();

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Begin(() => receiver.Tell(message, sender), delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender, ICancelable cancelable) =>
        Begin(() => receiver.Tell(message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Begin(action, delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Begin(action.Run, delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Begin(action, initialDelay, interval, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Begin(action.Run, initialDelay, interval, cancelable);

    private void Begin(Action action, TimeSpan delay, TimeSpan period, ICancelable? cancelable)
    {
        if (cancelable?.IsCancellationRequested == true || _ended.IsCancellationRequested)
        {
            return;
        }

        var scheduled = new Scheduled(action, period, _ended);

        // Armed only when it can be cancelled: a timer that is due at once must find its registration.
        var timer = scheduled.Timer = _clock.CreateTimer(
            static scheduled => ((Scheduled)scheduled!).Fire(), scheduled, Timeout.InfiniteTimeSpan, period);
        cancelable?.Token.UnsafeRegister(static timer => ((ITimer)timer!).Dispose(), timer);
        timer.Change(delay, period);
    }

    private sealed class Scheduled(Action action, TimeSpan period, CancellationTokenSource ended)
    {
        public ITimer? Timer { get; set; }

        public void Fire()
        {
            if (!ended.IsCancellationRequested)
            {
                action();
            }
            else if (period > TimeSpan.Zero)
            {
                Timer?.Dispose();
            }
        }
    }
}
