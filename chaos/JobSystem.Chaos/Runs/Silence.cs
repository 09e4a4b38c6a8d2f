namespace JobSystem.Chaos.Runs;

/// <summary>
/// Whether a run has come to rest: no job has been finished or ended for as long as is patient, while every worker took
/// part. A worker that is only starting explains the silence (on a busy machine that takes long), but not for ever.
/// Pure: it is told the time.
/// </summary>
/// <param name="patience">How long nothing must move.</param>
/// <param name="forStarts">How long workers that are starting explain that nothing moves.</param>
internal sealed class Silence(TimeSpan patience, TimeSpan forStarts)
{
    private (int Effects, int Open) _last = (-1, -1);
    private TimeSpan _movedAt;
    private TimeSpan _silentFrom;

    /// <param name="now">Since any moment; grows.</param>
    /// <param name="effects">Runs that did the work of a job so far.</param>
    /// <param name="open">Confirmed jobs that have come to no end.</param>
    /// <param name="isStarting">At least one worker that is to take part does not yet.</param>
    public bool IsBelieved(TimeSpan now, int effects, int open, bool isStarting)
    {
        if ((effects, open) != _last)
        {
            (_last, _movedAt, _silentFrom) = ((effects, open), now, now);
        }
        else if (isStarting && now - _movedAt < forStarts)
        {
            _silentFrom = now;
        }

        return now - _silentFrom > patience;
    }
}
