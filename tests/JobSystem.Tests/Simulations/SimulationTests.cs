using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using JobSystem.Testing.Simulations;
using Xunit;
using Xunit.Abstractions;
using Host = JobSystem.Testing.TestHost.Program;

namespace JobSystem.Tests.Simulations;

/// <summary>
/// The promise, under simulation: many worlds, each drawn from a seed, with every fault that we know.
/// <c>SIMULATION_SEED=N</c> runs one seed alone; <c>SIMULATION_SEEDS=N</c> runs so many instead of the usual number.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void No_confirmed_job_is_lost() => ForSeeds(1000, SimulationProfile.Stormy);

    [Fact]
    public void Without_faults_every_job_is_finished_once_or_dies_of_itself() =>
        ForSeeds(300, SimulationProfile.Calm);

    [Fact]
    public void A_rolling_deploy_loses_nothing_and_doubles_nothing() =>
        ForSeeds(300, SimulationProfile.RollingDeploy);

    [Fact]
    public void A_job_that_kills_its_workers_is_a_dead_letter_in_the_end_and_harms_no_other() =>
        ForSeeds(300, SimulationProfile.Poisoned);

    [Fact]
    public void The_same_seed_gives_the_same_run() => ForSeeds(100, SimulationProfile.Stormy, result =>
    {
        var again = SimulatedRun.Run(result.Plan.Seed, SimulationProfile.Stormy);
        Assert.Equal(result.History.Select(entry => $"{entry}"), again.History.Select(entry => $"{entry}"));
        Assert.Equal(result.TraceHash, again.TraceHash);
    });

    [Fact]
    public async Task The_same_seed_gives_the_same_run_of_the_engine_in_two_processes()
    {
        const int Seeds = 50;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", typeof(Host).Assembly.Location, "1", $"{Seeds}"]) { RedirectStandardOutput = true })!;
        var there = process.StandardOutput.ReadToEndAsync();
        var here = Enumerable.Range(1, Seeds).Select(seed => Host.Play((ulong)seed)).ToList();
        await process.WaitForExitAsync();

        var lines = (await there).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(here, lines[..Seeds]);
        Assert.Equal(Seeds, here.Select(line => line[line.IndexOf("trace", StringComparison.Ordinal)..])
            .Distinct().Count());

        // Without this the two would agree for a reason that is not the simulation's.
        Assert.NotEqual($"{Host.Probe()}", lines[Seeds]);
    }

    private void ForSeeds(
        int count, SimulationProfile profile, Action<SimulationResult>? check = null,
        [CallerMemberName] string test = "")
    {
        var one = Environment.GetEnvironmentVariable("SIMULATION_SEED");
        var many = Environment.GetEnvironmentVariable("SIMULATION_SEEDS");
        var seeds = one is not null
            ? [ulong.Parse(one, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, many is null ? count : int.Parse(many, CultureInfo.InvariantCulture))
                .Select(seed => (ulong)seed);
        var wrong = new List<SimulationResult>();
        var (runs, steps, faults, simulated) = (0, 0L, 0, TimeSpan.Zero);
        foreach (var seed in seeds)
        {
            var result = SimulatedRun.Run(seed, profile);
            (runs, steps, faults, simulated) =
                (runs + 1, steps + result.Steps, faults + result.Plan.Faults.Count, simulated + result.Simulated);
            if (result.IsRight)
            {
                check?.Invoke(result);
            }
            else
            {
                wrong.Add(result);
            }
        }

        output.WriteLine($"{runs} worlds, {faults} faults, {simulated.TotalHours:0.0} h simulated, {steps} steps");
        Assert.True(wrong.Count == 0, Describe(wrong, test));
    }

    /// <summary>The first in full, the others by their seeds and what is wrong with them.</summary>
    private static string Describe(List<SimulationResult> wrong, string test) => wrong.Count == 0
        ? ""
        : $"{wrong[0]}\nreplay: SIMULATION_SEED={wrong[0].Plan.Seed} dotnet test tests/JobSystem.Tests " +
            $"--filter {test}\n{wrong.Count} seeds are wrong: {string.Join("; ", wrong.Select(
                result => $"{result.Plan.Seed} ({string.Join(", ", result.Wrongs)})"))}";
}
