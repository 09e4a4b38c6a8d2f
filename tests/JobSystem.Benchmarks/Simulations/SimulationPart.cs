using System.Diagnostics;
using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;
using JobSystem.Cli;
using JobSystem.Testing.Simulations;

namespace JobSystem.Benchmarks.Simulations;

/// <summary>How much faster than real time whole worlds are simulated: the engine in several processes, a broker,
/// faults, and the judge at the end.</summary>
internal sealed class SimulationPart() : Part("simulation", "simulated time against real time, with the whole engine")
{
    private const int Rounds = 7;
    private const int Seeds = 100;

    private static readonly (string Name, SimulationProfile Profile)[] _profiles =
    [
        ("all kinds of faults", SimulationProfile.Stormy),
        ("rolling deploys", SimulationProfile.RollingDeploy),
        ("no faults", SimulationProfile.Calm),
    ];

    public override async Task<Section> RunAsync(Bench bench)
    {
        var (rounds, seeds) = (bench.Effort.Rounds(Rounds), bench.Effort.Jobs(Seeds));
        var runs = await Turns.TakeAsync(bench, "simulation", rounds, [.. _profiles.Select(
            each => new Turn<Run>(each.Name, _ => Task.FromResult(Simulate(each.Profile, seeds))))]);
        var section = new Section("Simulation",
            $"{seeds} worlds a run, of the seeds 1 to {seeds}, on one thread; {rounds} runs each in turns. Every " +
            "world ends with its judge's verdict, and a wrong one ends the record.");
        var table = new TextTable("", "times real time (min to max)", "simulated a run", "steps/s (min to max)");
        foreach (var (profile, measured) in _profiles.Zip(runs))
        {
            table.Add(
                profile.Name,
                Spread.Of(measured, run => run.Speed).Say(Words.Times),
                $"{Words.Number(measured[0].Simulated.TotalHours)} h",
                Spread.Of(measured, run => run.Steps / run.Took.TotalSeconds).Say(Words.Rate));
        }

        section.Tables.Add(("worlds with", table));
        section.Figures[Measure.SimulationSpeed] = Spread.Of(runs[0], run => run.Speed);
        return section;
    }

    private static Run Simulate(SimulationProfile profile, int seeds)
    {
        var (start, simulated, steps) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, 0L);
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var result = SimulatedRun.Run(seed, profile);
            (simulated, steps) = (simulated + result.Simulated, steps + result.Steps);
            if (!result.IsRight)
            {
                throw new FailedException($"The simulation of seed {seed} went wrong: {result.Verdict}");
            }
        }

        return new Run(Stopwatch.GetElapsedTime(start), simulated, steps);
    }

    private sealed record Run(TimeSpan Took, TimeSpan Simulated, long Steps)
    {
        public double Speed => Simulated / Took;
    }
}
