namespace JobSystem.Monitoring;

/// <summary>Counts of one queue in this process since its start.</summary>
public sealed class QueueTally
{
    /// <summary>Runs that ended well and whose message was acked.</summary>
    public long Succeeded { get; private set; }

    /// <summary>Failed or timed-out runs that will be followed by another.</summary>
    public long Retried { get; private set; }

    public long DeadLettered { get; private set; }

    /// <summary>Delayed, parked or isolated: published again without a run.</summary>
    public long Moved { get; private set; }

    public long GivenBack { get; private set; }

    /// <summary>Redeliveries of running jobs that took the dead delivery's place.</summary>
    public long Adopted { get; internal set; }

    /// <summary>Redeliveries of finished jobs, acked without a second run.</summary>
    public long AckedWithoutRun { get; internal set; }

    internal QueueTally Copy() => (QueueTally)MemberwiseClone();

    internal void Count(JobEnd end)
    {
        switch (end.Settlement)
        {
            case Settlement.Ack:
                Succeeded++;
                break;
            case Settlement.Replace { Destination.Lane: Lane.Dead } or Settlement.Reject:
                DeadLettered++;
                break;
            case Settlement.Replace when end.Outcome is JobOutcome.Failed or JobOutcome.TimedOut:
                Retried++;
                break;
            case Settlement.Replace:
                Moved++;
                break;
            default:
                GivenBack++;
                break;
        }
    }
}
