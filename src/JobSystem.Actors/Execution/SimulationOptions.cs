namespace JobSystem.Actors;

/// <summary>How a <see cref="SimulationDispatcher"/> runs. Immutable; every value has a default.</summary>
public sealed record SimulationOptions
{
    /// <summary>What the clock shows at the beginning; default the first moment of 2000 (UTC).</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Steps after which the run counts as endless and throws; default 10 million.</summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Sees every step: for finding where two runs of one seed part.</summary>
    public Action<SimulationStep>? OnStep { get; init; }
}

/// <summary>One step of a simulation: what was chosen out of how many, and when.</summary>
/// <param name="Number">The first step is 1.</param>
/// <param name="Time">Virtual time since the beginning.</param>
/// <param name="Runnable">How many could have run.</param>
/// <param name="Chosen">The path of an actor, or what else ran (a timer, a continuation, work).</param>
/// <param name="Message">The type of the message; null when there was none.</param>
public readonly record struct SimulationStep(
    long Number, TimeSpan Time, int Runnable, string Chosen, Type? Message);

/// <summary>
/// The simulation cannot go on: too many steps, nothing left to run, or something escaped to another thread. Its
/// message names seed and step.
/// </summary>
public sealed class SimulationException(string message) : Exception(message);
