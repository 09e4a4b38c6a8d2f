using System.Globalization;
using System.Runtime.CompilerServices;

namespace JobSystem.TestKit;

/// <summary>
/// Runs a test for many seeds, and says how to replay the one that failed. Two environment variables choose:
/// <c>SIMULATION_SEED=N</c> runs that seed alone, <c>SIMULATION_SEEDS=N</c> sets the number of seeds.
/// </summary>
public static class SimulationSeeds
{
    /// <summary>Runs the test for the seeds from 1, one after the other, until one fails.</summary>
    /// <param name="count">Number of seeds, unless the environment sets it; minimum 1.</param>
    /// <param name="test">The test of one seed: usually makes a <see cref="Simulation"/> with it.</param>
    /// <param name="name">The name of the test, for the line that replays it; the caller's by default.</param>
    /// <exception cref="SimulationException">
    /// The test threw. The message ends with the line that replays the seed; the inner exception is the test's.
    /// </exception>
    /// <exception cref="FormatException">An environment variable is not a number.</exception>
    public static void ForEach(int count, Action<ulong> test, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(test);
        (ulong first, ulong last) = Range((ulong)count);
        for (ulong seed = first; seed <= last; seed++)
        {
            try
            {
                test(seed);
            }
            catch (Exception error)
            {
                throw new SimulationException(
                    $"Seed {seed} failed: {error.Message}\nreplay: SIMULATION_SEED={seed} dotnet test --filter {name}",
                    error);
            }
        }
    }

    private static (ulong First, ulong Last) Range(ulong count) => Number("SIMULATION_SEED") is { } one
        ? (one, one)
        : (1, Number("SIMULATION_SEEDS") ?? count);

    private static ulong? Number(string variable)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(text) ? null : ulong.Parse(text, CultureInfo.InvariantCulture);
    }
}
