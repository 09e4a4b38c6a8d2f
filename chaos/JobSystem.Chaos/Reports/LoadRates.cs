namespace JobSystem.Chaos.Reports;

/// <summary>What was asked of the system, and what it did in the same time. All zero where no job was due.</summary>
/// <param name="Due">Jobs that were due, sent or not.</param>
/// <param name="From">When the first of them was due.</param>
/// <param name="To">When the last of them was due.</param>
/// <param name="Confirmed">Jobs that were confirmed by then, to the precision of a bin.</param>
/// <param name="Finished">Jobs that were finished by then, to the precision of a bin.</param>
/// <param name="LastFinished">When the last job was finished, of those that were.</param>
public sealed record LoadRates(
    long Due, TimeSpan From, TimeSpan To, double Confirmed, double Finished, TimeSpan LastFinished)
{
    /// <summary>From the first to the last job's due.</summary>
    public TimeSpan Length => To - From;

    /// <summary>Jobs a second that were due. Null: they were due at one moment, or there were none.</summary>
    public double? OfferedPerSecond => PerSecond(Due - 1);

    /// <summary>Jobs a second that were confirmed in that time.</summary>
    public double? ConfirmedPerSecond => PerSecond(Confirmed);

    /// <summary>Jobs a second that were finished in that time: less than was offered where the system fell behind.
    /// </summary>
    public double? FinishedPerSecond => PerSecond(Finished);

    /// <summary>How long the last jobs took after the last was due. Zero where none was finished after it.</summary>
    public TimeSpan Tail => LastFinished > To ? LastFinished - To : TimeSpan.Zero;

    private double? PerSecond(double jobs) => Length > TimeSpan.Zero ? jobs / Length.TotalSeconds : null;
}
