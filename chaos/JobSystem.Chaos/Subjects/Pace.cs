namespace JobSystem.Chaos.Subjects;

/// <summary>Lets through so many a second, and catches up after a delay. Zero a second: no limit.</summary>
internal sealed class Pace(double perSecond, TimeProvider clock)
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);
    private readonly long _began = clock.GetTimestamp();
    private long _count;

    public async ValueTask NextAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var due = perSecond > 0 ? TimeSpan.FromSeconds(_count++ / perSecond) : TimeSpan.Zero;
        while (due - clock.GetElapsedTime(_began) is { } early && early > TimeSpan.Zero)
        {
            await Task.Delay(early > _tick ? early : _tick, clock, stop);
        }
    }
}
