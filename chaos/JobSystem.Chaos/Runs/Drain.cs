using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Waits until every confirmed job has come to an end, or until nothing moves any more. A job may be on its way for
/// long without a sign (a worker frozen beyond its heartbeat, a retry that is not due), so silence is believed only
/// after <see cref="Patience"/>, and only while every worker takes part.
/// </summary>
/// <param name="tail">Counts what is done.</param>
/// <param name="experiment">Says how patient to be.</param>
/// <param name="isStarting">Whether a worker that is to take part does not yet.</param>
/// <param name="clock">For waiting.</param>
internal sealed class Drain(LedgerTail tail, Experiment experiment, Func<bool> isStarting, TimeProvider clock)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    // Longer than the lease of the embedded broker: where no socket tells a death, that is how long its jobs are held.
    private static readonly TimeSpan _minPatience = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(10);

    /// <summary>Four heartbeats, or the time of one run and its longest retry; a control has no mercy to expect.
    /// </summary>
    public TimeSpan Patience => experiment.Expect.Failure is not null
        ? TimeSpan.FromSeconds(5)
        : new[] { _minPatience, 4 * experiment.Fleet.Heartbeat, experiment.Workload.Timeout + _longestRetry }
            .Max();

    /// <summary>Returns when all is done or nothing moves.</summary>
    public async Task WaitAsync()
    {
        var began = clock.GetTimestamp();
        var silence = new Silence(Patience, ExperimentRun.StartPatience);
        while (true)
        {
            tail.Poll();
            var census = tail.Census;
            if (census.Open == 0
                || silence.IsBelieved(clock.GetElapsedTime(began), census.Effects, census.Open, isStarting()))
            {
                return;
            }

            await Task.Delay(_look, clock);
        }
    }
}
