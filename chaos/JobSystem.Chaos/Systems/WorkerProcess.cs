using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// The life of a worker process under test: <c>ready</c> on standard output when it takes jobs; it drains at SIGTERM
/// and ends with 0 only when every job in its hands is accounted for.
/// </summary>
internal sealed class WorkerProcess(string name, string folder, TimeProvider clock)
{
    public async Task<int> RunAsync()
    {
        var settings = SystemSettings.Load(folder);
        var uri = Environment.GetEnvironmentVariable(ChaosProgram.BrokerVariable)
            ?? throw new InvalidOperationException($"{ChaosProgram.BrokerVariable} is not set.");
        using var log = Screen.Detect(ChaosProgram.Name).OpenLog(LogLevel.Information, json: false);
        using var signals = new StopSignals(static _ => { });
        using var ledger = new LedgerWriter(settings.LedgerFolder, name, clock);
        var failpoints = new FailpointSet(settings.Seed, ControlLines.Tell);
        var mutant = MutantCatalog.Find(settings.SystemUnderTest.Mutant);
        var crashes = new ActorCrashes(name, mutant, ledger, ControlLines.Tell, clock);
        var control = new ControlLines(line =>
        {
            failpoints.Set(line);
            crashes.Set(line);
        });
        control.Start();
        var handler = new TestedHandler(name, settings, failpoints, ledger, clock);
        ITestedWorker worker = settings.SystemUnderTest.Worker == "plain"
            ? new PlainWorker(name, settings, uri, handler, ledger)
            : new JobSystemWorker(name, settings, BrokerAddress.Parse(uri), handler, mutant, crashes, ledger, log);
        await using (worker)
        {
            return await LiveAsync(worker, signals, control);
        }
    }

    private static async Task<int> LiveAsync(ITestedWorker worker, StopSignals signals, ControlLines control)
    {
        try
        {
            await worker.StartAsync(signals.Token);
        }
        catch (Exception error) when (worker is PlainWorker && error is not OperationCanceledException)
        {
            return 1; // the tutorial's worker does not wait for its broker; the fleet starts another
        }
        catch (OperationCanceledException)
        {
            return await worker.DrainAsync() ? 0 : 1;
        }

        ControlLines.Tell("ready");
        var lost = (worker as PlainWorker)?.Lost ?? new TaskCompletionSource().Task;
        await Task.WhenAny(signals.First, control.Stop, lost);
        return !lost.IsCompleted && await worker.DrainAsync() ? 0 : 1;
    }
}
