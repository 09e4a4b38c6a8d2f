using System.Text;

namespace JobSystem.Chaos.Verification.Histories;

/// <summary>The judgement of a history. Only <see cref="VerdictKind.Pass"/> is one.</summary>
/// <param name="Kind">Fail when anything is certainly wrong; else unknown when anything is in doubt.</param>
/// <param name="Findings">What is wrong, job by job, with the evidence.</param>
/// <param name="Doubts">Why it cannot be known.</param>
/// <param name="Tally">The sums.</param>
public sealed record Verdict(
    VerdictKind Kind, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Doubts, Tally Tally)
{
    /// <summary>The classes of what is wrong.</summary>
    public IEnumerable<FindingKind> Kinds => Findings.Select(finding => finding.Kind).Distinct().Order();

    public override string ToString()
    {
        var text = new StringBuilder($"{Kind}: {Tally}");
        foreach (var doubt in Doubts)
        {
            text.Append($"\n  doubt: {doubt}");
        }

        foreach (var finding in Findings.Take(10))
        {
            text.Append($"\n  {finding}");
        }

        return Findings.Count > 10 ? $"{text}\n  and {Findings.Count - 10} more" : text.ToString();
    }
}

/// <summary>Three values: a checker that could not know must never say pass.</summary>
public enum VerdictKind
{
    Pass,
    Unknown,
    Fail,
}

/// <summary>What can be wrong with a job.</summary>
public enum FindingKind
{
    /// <summary>Confirmed, yet neither finished nor a dead letter nor in any queue: the promise is broken.</summary>
    Lost,

    /// <summary>Confirmed and still in a queue after the drain.</summary>
    Stuck,

    /// <summary>It ran or was found, but nobody had enqueued it.</summary>
    Unexpected,

    /// <summary>Its enqueue was told to be rejected, yet it ran or was found.</summary>
    Phantom,

    /// <summary>A message was acked before the work was done or a successor was stored: luck, not safety.</summary>
    EarlyAck,

    /// <summary>Finished more than once, and nothing that happened explains it.</summary>
    DuplicatedWithoutCause,

    /// <summary>Finished, yet its message is still in a queue, and nothing that happened explains it: it would run
    /// again.</summary>
    Unacked,

    /// <summary>A run read another payload than was enqueued.</summary>
    Corrupt,

    /// <summary>A dead letter where none is allowed.</summary>
    DeadLettered,
}

/// <summary>One job that is wrong, with its life story.</summary>
public sealed record Finding(FindingKind Kind, JobId Job, string Evidence, IReadOnlyList<HistoryEntry> Story)
{
    public override string ToString() =>
        $"{Kind} {Job}: {Evidence}\n      {string.Join("\n      ", Story.TakeLast(20))}";
}

/// <summary>How many jobs became what. Each confirmed job is in exactly one of the last five.</summary>
public sealed record Tally
{
    public int Intended { get; init; }

    public int Confirmed { get; init; }

    public int Rejected { get; init; }

    /// <summary>Unknown to the client, or never answered.</summary>
    public int Unknown { get; init; }

    /// <summary>Unknown to the client, yet finished, dead or in a queue.</summary>
    public int Recovered { get; init; }

    /// <summary>Unknown to the client, and nobody has seen it since: it was never stored.</summary>
    public int Absent => Unknown - Recovered;

    /// <summary>Finished more than once, with a cause.</summary>
    public int DuplicatedWithCause { get; init; }

    /// <summary>Of these, finished last by the run that had begun first: its worker was frozen or cut off.</summary>
    public int Zombies { get; init; }

    public int Finished { get; init; }

    public int DeadLettered { get; init; }

    public int Destroyed { get; init; }

    public int Stuck { get; init; }

    public int Lost { get; init; }

    /// <summary>What goes in must come out.</summary>
    public bool IsBalanced =>
        Intended == Confirmed + Rejected + Unknown
        && Confirmed == Finished + DeadLettered + Destroyed + Stuck + Lost;

    public override string ToString() =>
        $"{Intended} intended = {Confirmed} confirmed + {Rejected} rejected + {Unknown} unknown ({Recovered} " +
        $"recovered); {Confirmed} confirmed = {Finished} finished + {DeadLettered} dead + {Destroyed} destroyed + " +
        $"{Stuck} stuck + {Lost} lost; {DuplicatedWithCause} duplicated with cause";
}
