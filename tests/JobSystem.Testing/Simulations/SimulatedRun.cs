using JobSystem.Chaos.Verification.Histories;
using JobSystem.TestKit;

namespace JobSystem.Testing.Simulations;

/// <summary>
/// Runs the whole engine, many processes of it, against the broker in memory, in virtual time and seeded order, with
/// faults; then heals all, waits until nothing is left to do, drains, and lets the checker judge.
/// </summary>
public static class SimulatedRun
{
    /// <summary>
    /// After the last fault everything must be done in so much virtual time: more than all runs of all jobs take in
    /// one slot.
    /// </summary>
    private static readonly TimeSpan _recovery = TimeSpan.FromHours(1);

    public static SimulationResult Run(ulong seed, SimulationProfile profile, Action<SimulationStep>? onStep = null)
    {
        var plan = SimulationPlan.Draw(seed, profile);
        using var world = new SimulatedWorld(plan, new SimulationOptions { OnStep = onStep });
        var simulation = world.Simulation;
        try
        {
            simulation.Await(async () =>
            {
                world.Workers.StartAll();
                world.Producer.Start();
                await new SimulatedFaults(world).PlayAsync();
            });
            world.Heal();
            var healedAt = simulation.Time.Elapsed;
            while (!world.IsQuiet && simulation.Time.Elapsed - healedAt < _recovery)
            {
                simulation.RunFor(TimeSpan.FromSeconds(1));
            }

            world.Require(world.IsQuiet, $"after {_recovery} without faults: {world.Unrest}");
            simulation.Await(world.EndAsync);
        }
        catch (SimulationException error)
        {
            world.Require(false, error.Message);
        }

        var history = world.History.Entries;
        var verdict = HistoryChecker.Check(history, new CheckOptions
        {
            AllowsDeadLetter = MayDie(plan),
            FaultsExplainDuplicates = profile.MayDouble,
            MinConfirmed = 0,
        });
        return new SimulationResult
        {
            Plan = plan,
            Verdict = verdict,
            Broken = world.Broken,
            History = history,
            Log = [.. world.Log.Lines],
            Steps = simulation.Steps,
            Simulated = simulation.Time.Elapsed,
            TraceHash = simulation.TraceHash,
        };
    }

    /// <summary>
    /// A dead letter is right where the script leads to it. And a job may be taken for a poisonous one where losses
    /// of connections and workers happen too often.
    /// </summary>
    private static Func<JobId, FailureReason, bool> MayDie(SimulationPlan plan)
    {
        var killers = plan.Jobs.Count(job => job.Script.Acts.Any(act => act.Kind == ActKind.KillWorker));
        return (job, reason) => plan.ScriptOf(job).MeantToDieOf == reason
            || (reason == FailureReason.WorkerLost && plan.Faults.Count + killers > 1);
    }
}
