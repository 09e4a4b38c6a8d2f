using System.Runtime.InteropServices;

namespace JobSystem.Chaos.Loads;

/// <summary>
/// Waits for points in time to some ten microseconds, on a thread of its own: the runtime's timers are a millisecond
/// coarse, which is a hundred jobs too late at 100,000 a second. Uses the clock of the runtime's own timestamps.
/// </summary>
internal static partial class Metronome
{
    private const int MonotonicClock = 1; // CLOCK_MONOTONIC
    private const int Absolute = 1; // TIMER_ABSTIME
    private const long Coarse = 5_000_000;

    /// <summary>Returns when the time has come. False: told to stop before.</summary>
    /// <param name="timestamp">As <see cref="TimeProvider.GetTimestamp"/> of the system's clock: nanoseconds.</param>
    /// <param name="stop">Seen within five milliseconds.</param>
    public static bool WaitUntil(long timestamp, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = timestamp - TimeProvider.System.GetTimestamp();
            if (left <= 0)
            {
                return true;
            }

            // Most of a long wait is one that can be ended.
            if (left > 2 * Coarse)
            {
                stop.WaitHandle.WaitOne(TimeSpan.FromMicroseconds((left - Coarse) / 1000));
                continue;
            }

            var until = new TimeSpec(timestamp / 1_000_000_000, timestamp % 1_000_000_000);
            _ = Sleep(MonotonicClock, Absolute, in until, 0);
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in TimeSpec until, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
