namespace JobSystem.Chaos.Reports;

/// <summary>
/// Counts what was due, and what was done by the moment the last job was due. While jobs are sent when they are due
/// the counts are exact; where the last was sent late, what was done by its due is read from the bins.
/// </summary>
internal sealed class RatesFold
{
    private long _due;
    private TimeSpan _first = TimeSpan.MaxValue;
    private TimeSpan _last;
    private TimeSpan _lastSeenAt;
    private long _confirmed;
    private long _finished;
    private (long Confirmed, long Finished) _byLast;
    private TimeSpan _lastFinished;

    /// <param name="first">When the first of them was due.</param>
    /// <param name="last">When the last of them was due.</param>
    /// <param name="count">How many.</param>
    /// <param name="at">When that became known: they are sent, or given up.</param>
    public void Due(TimeSpan first, TimeSpan last, long count, TimeSpan at)
    {
        _due += count;
        _first = first < _first ? first : _first;
        if (last >= _last)
        {
            (_last, _lastSeenAt, _byLast) = (last, at, (_confirmed, _finished));
        }
    }

    public void Confirmed() => _confirmed++;

    public void Finished(TimeSpan at)
    {
        _finished++;
        _lastFinished = at;
    }

    /// <param name="precision">A job that is sent later than this after its due was late.</param>
    /// <param name="until">Sums up the bins until a moment.</param>
    public LoadRates ToRates(TimeSpan precision, Func<TimeSpan, Func<BinCount, int>, double> until)
    {
        if (_due == 0)
        {
            return new LoadRates(0, default, default, 0, 0, _lastFinished);
        }

        var (confirmed, finished) = _lastSeenAt - _last < precision
            ? _byLast
            : (until(_last, static bin => bin.Confirmed), until(_last, static bin => bin.Finished));
        return new LoadRates(_due, _first, _last, confirmed, finished, _lastFinished);
    }
}
