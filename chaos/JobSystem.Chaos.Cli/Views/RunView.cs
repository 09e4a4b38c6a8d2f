using JobSystem.Chaos.Runs;
using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Cli.Views;

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
