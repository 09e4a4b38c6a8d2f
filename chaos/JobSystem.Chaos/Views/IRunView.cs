using JobSystem.Chaos.Reports;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Views;

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

/// <summary>Which view fits the reader.</summary>
internal static class RunView
{
    /// <param name="screen">This process' own.</param>
    /// <param name="json">JSON objects were asked for.</param>
    /// <param name="clock">For the pace and the times of lines.</param>
    public static IRunView For(Screen screen, bool json, TimeProvider clock) =>
        json ? new RunJson(screen, clock)
        : screen is { IsOutTerminal: true, Colours: true } ? new RunLive(screen, clock)
        : new RunLines(screen, clock);
}
