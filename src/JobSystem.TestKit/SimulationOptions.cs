namespace JobSystem.TestKit;

/// <summary>How a <see cref="Simulation"/> runs. Immutable; every value has a default.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// What the clock shows at the beginning, in any offset; the clock shows it in UTC. Default: 2000-01-01T00:00:00Z.
    /// </summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>
    /// Steps after which the run counts as endless and throws a <see cref="SimulationException"/>. Default:
    /// 10 million, a few seconds of real time.
    /// </summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>
    /// Called after every step, on the simulation's thread: to print a trace, and to find where two runs part.
    /// Default: none. What it throws ends the run.
    /// </summary>
    public Action<SimulationStep>? OnStep { get; init; }
}
