using System.Collections.Concurrent;
using System.Globalization;
using JobSystem.Chaos.Cli.Views;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Cli.Controls;

/// <summary>
/// Tries the judge on one thing after another: canaries at once, then two lanes of runs, of which one has the broker.
/// Promises: every trial has a result, told as soon as it is known; the broker is brought up once, and brought down
/// if it was not there before.
/// </summary>
/// <param name="folder">Each trial gets a folder in it.</param>
/// <param name="seed">Of every run.</param>
/// <param name="view">Told how it goes.</param>
/// <param name="clock">For durations.</param>
internal sealed class TrialRunner(string folder, int seed, TrialView view, TimeProvider clock)
{
    // Far beyond what any needs: a run that hangs is ended and judged, and the others still get their turn.
    private static readonly TimeSpan _longestLoad = TimeSpan.FromMinutes(2);

    private readonly ConcurrentBag<TrialResult> _results = [];

    /// <returns>One result for each trial, in their order.</returns>
    public async Task<IReadOnlyList<TrialResult>> RunAsync(IReadOnlyList<Trial> trials, CancellationToken stop)
    {
        foreach (var canary in trials.OfType<CanaryTrial>())
        {
            Try(canary);
        }

        var runs = trials.OfType<ExperimentTrial>().ToList();
        var embedded = new ConcurrentQueue<ExperimentTrial>(runs.Where(run => run.Needs != TrialNeeds.Broker));
        await Task.WhenAll(
            Task.Run(
                async () =>
                {
                    await RunWithBrokersAsync([.. runs.Where(run => run.Needs == TrialNeeds.Broker)], stop);
                    await RunAllAsync(embedded, stop);
                },
                CancellationToken.None),
            Task.Run(() => RunAllAsync(embedded, stop), CancellationToken.None));
        return [.. _results.OrderBy(result => trials.ToList().IndexOf(result.Trial))];
    }

    private async Task RunWithBrokersAsync(IReadOnlyList<ExperimentTrial> runs, CancellationToken stop)
    {
        foreach (var ofOne in runs.GroupBy(run => run.Experiment.Target))
        {
            try
            {
                // Whoever finds the broker there leaves it there: so it is brought up once, not for each run.
                await using var broker = await TargetHold.TakeAsync(ofOne.Key, folder, clock, stop);
                await RunAllAsync(new ConcurrentQueue<ExperimentTrial>(ofOne), stop);
            }
            catch (TargetException error)
            {
                foreach (var run in ofOne)
                {
                    Tell(new TrialResult(run, TrialEnd.NotRun, "", TimeSpan.Zero, error.Message));
                }
            }
        }
    }

    private async Task RunAllAsync(ConcurrentQueue<ExperimentTrial> runs, CancellationToken stop)
    {
        while (runs.TryDequeue(out var run))
        {
            view.Begin(run);
            Tell(stop.IsCancellationRequested
                ? new TrialResult(run, TrialEnd.NotRun, "", TimeSpan.Zero, "interrupted")
                : await RunAsync(run, stop));
        }
    }

    private async Task<TrialResult> RunAsync(ExperimentTrial trial, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        var path = Path.Combine(folder, trial.Name);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var alarm = clock.CreateTimer(_ => late.Cancel(), null, _longestLoad, Timeout.InfiniteTimeSpan);
        try
        {
            var run = RunFolder.Create(path);
            var report = await ExperimentRunner.RunAsync(
                trial.Experiment, seed, run, RepeatOf(trial), new NoView(), late.Token);
            var hadOccasion = run.Load().Hits.ContainsKey(Occasion.Name);
            var (end, why) = trial.EndOf(report.Verdict, report.ExitCode, hadOccasion, report.Headline);
            return new TrialResult(
                trial, end, Prediction.InWords(report.Verdict), clock.GetElapsedTime(began), why, path);
        }
        catch (QueueRefusedException refused)
        {
            return new TrialResult(
                trial, TrialEnd.NotApplicable, "", clock.GetElapsedTime(began), refused.Message, path);
        }
        catch (Exception error) when (error is TargetException or FaultException or IOException or TimeoutException
            or NoBrokerException or TransportException or RabbitMQClientException or OperationCanceledException)
        {
            return new TrialResult(trial, TrialEnd.NotRun, "", clock.GetElapsedTime(began), error.Message, path);
        }
    }

    private void Try(CanaryTrial trial)
    {
        var began = clock.GetTimestamp();
        var verdict = trial.Canary.Sing(Path.Combine(folder, "canaries", trial.Name));
        var surprise = trial.Prediction.Surprise(verdict);
        Tell(new TrialResult(
            trial, surprise is null ? TrialEnd.AsPredicted : TrialEnd.Surprise, Prediction.InWords(verdict),
            clock.GetElapsedTime(began), surprise ?? ""));
    }

    private void Tell(TrialResult result)
    {
        _results.Add(result);
        view.End(result);
    }

    private string RepeatOf(ExperimentTrial trial) => string.Create(
        CultureInfo.InvariantCulture, $"chaos verify-checker --only {trial.Name} --seed {seed}");
}
