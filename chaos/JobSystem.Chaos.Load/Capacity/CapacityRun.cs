using System.Globalization;
using JobSystem.Chaos.Runs;

namespace JobSystem.Chaos.Load.Capacity;

/// <summary>
/// Runs one step after another, each a whole run in its own folder with its own verdict, until the search has its
/// answer. Ends before that: when a step shows that the promise is broken or that nothing can be known, or when told
/// to stop.
/// </summary>
/// <param name="plan">What.</param>
/// <param name="folder">Each step gets a folder in it.</param>
/// <param name="view">Told how it goes.</param>
/// <param name="clock">For durations.</param>
internal sealed class CapacityRun(CapacityPlan plan, string folder, ICapacityView view, TimeProvider clock)
{
    private readonly List<CapacityStep> _steps = [];

    public async Task<CapacityReport> RunAsync(CancellationToken stop)
    {
        var (startedAt, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var move = CapacitySearch.Next(plan.Range, []);
        await using (await TargetHold.TakeAsync(plan.Load.Target, folder, clock, stop))
        {
            while (move is SearchMove.Try next && !stop.IsCancellationRequested)
            {
                var step = await RunAsync(next.Rate, stop);
                if (stop.IsCancellationRequested && step.Report.ExitCode != ChaosExitCode.Broken)
                {
                    break; // it was cut short: it says nothing of its rate
                }

                _steps.Add(step);
                view.End(step);
                if (step.IsTheEnd)
                {
                    break;
                }

                move = CapacitySearch.Next(
                    plan.Range, [.. _steps.Select(each => new RateTrial(each.Rate, each.IsKept))]);
            }
        }

        return new CapacityReport
        {
            Steps = _steps,
            End = move,
            Plan = plan,
            StartedAt = startedAt,
            Duration = clock.GetElapsedTime(began),
        };
    }

    private async Task<CapacityStep> RunAsync(double rate, CancellationToken stop)
    {
        var number = _steps.Count + 1;
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"step-{number:00}-at-{rate:0.###}"));
        var seed = unchecked(plan.Seed + number - 1) & int.MaxValue;
        var repeat = string.Create(CultureInfo.InvariantCulture,
            $"chaos {plan.RepeatStep} --rate {rate:0.###}:{plan.Step.TotalSeconds:0.###}s --seed {seed}");
        using var progress = view.Begin(number, rate);
        var report = await ExperimentRunner.RunAsync(
            plan.At(rate), seed, RunFolder.Create(path), repeat, progress, stop);
        return CapacityStep.Of(number, rate, plan.Step, report, path);
    }
}
