using JobSystem.Chaos.Verification.Measuring;

namespace JobSystem.Chaos.Reports;

/// <summary>One bin of a timeline while it is being counted.</summary>
internal sealed class BinCount
{
    private const int Digits = 2;

    private Histogram? _toConfirm;
    private Histogram? _endToEnd;

    public int Intended { get; set; }

    public int Confirmed { get; set; }

    public int Rejected { get; set; }

    public int Unknown { get; set; }

    public int Started { get; set; }

    public int Effects { get; set; }

    /// <summary>Jobs whose work was done, each once.</summary>
    public int Finished { get; set; }

    public int Failures { get; set; }

    public int Backlog { get; set; }

    public int Unanswered { get; set; }

    public TimeSpan OldestAge { get; set; }

    public int WorkersAlive { get; set; }

    public Histogram ToConfirm => _toConfirm ??= new Histogram(Digits);

    public Histogram EndToEnd => _endToEnd ??= new Histogram(Digits);

    /// <summary>Takes in the bin that follows.</summary>
    public void Merge(BinCount next)
    {
        Intended += next.Intended;
        Confirmed += next.Confirmed;
        Rejected += next.Rejected;
        Unknown += next.Unknown;
        Started += next.Started;
        Effects += next.Effects;
        Finished += next.Finished;
        Failures += next.Failures;
        (Backlog, Unanswered) = (next.Backlog, next.Unanswered);
        (OldestAge, WorkersAlive) = (next.OldestAge, next.WorkersAlive);
        _toConfirm = Merged(_toConfirm, next._toConfirm);
        _endToEnd = Merged(_endToEnd, next._endToEnd);
    }

    public TimelineBin ToBin() => new()
    {
        Intended = Intended,
        Confirmed = Confirmed,
        Rejected = Rejected,
        Unknown = Unknown,
        Started = Started,
        Effects = Effects,
        Failures = Failures,
        Backlog = Backlog,
        Unanswered = Unanswered,
        OldestAge = OldestAge,
        WorkersAlive = WorkersAlive,
        ToConfirm = LatencyPoint.Of(_toConfirm),
        EndToEnd = LatencyPoint.Of(_endToEnd),
    };

    private static Histogram? Merged(Histogram? one, Histogram? other)
    {
        if (one is not null && other is not null)
        {
            one.Add(other);
        }

        return one ?? other;
    }
}
