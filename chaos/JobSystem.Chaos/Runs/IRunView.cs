using JobSystem.Chaos.Reports;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Shows a run as it goes. May be called from several threads.
/// Ends: when disposed of; the terminal is left as it was.
/// </summary>
public interface IRunView : IDisposable
{
    /// <summary>Something happened; one line.</summary>
    void Tell(string happened);

    /// <summary>From now on asks how far the run is, twice a second, on a thread of the pool. Once.</summary>
    void Start(Func<LiveSnapshot> snapshot);

    /// <summary>The run is over: asks no more, and tells the report.</summary>
    void Conclude(RunReport report);
}
