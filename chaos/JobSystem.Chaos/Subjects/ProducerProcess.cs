using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
using JobSystem.Cli.Brokers;
using JobSystem.Cli.Output;
using JobSystem.Cli.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Chaos.Subjects;

/// <summary>
/// The life of a producer process under test: <c>ready</c> when it may enqueue, then jobs at their rate until there
/// are enough or it is told to stop; it ends when each has its answer.
/// Promises: the intent is in the ledger before the publish, the answer after it.
/// </summary>
internal sealed class ProducerProcess(string name, string folder, int jobs, TimeProvider clock)
{
    private readonly List<Task> _answers = [];

    public async Task<int> RunAsync()
    {
        var settings = SubjectSettings.Load(folder);
        var uri = Environment.GetEnvironmentVariable(SubjectSettings.BrokerVariable)
            ?? throw new InvalidOperationException($"{SubjectSettings.BrokerVariable} is not set.");
        using var log = Screen.Detect().OpenLog(LogLevel.Warning, json: false);
        using var signals = new StopSignals(static _ => { });
        using var ledger = new LedgerWriter(settings.LedgerFolder, name, clock);
        var control = new ControlLines(static _ => { });
        control.Start();
        using var stop = new CancellationTokenSource();
        _ = Task.WhenAny(signals.First, control.Stop).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        ITestedProducer producer = settings.Subject.Producer == "plain"
            ? new PlainProducer(name, settings, uri, clock)
            : new JobSystemProducer(name, settings, BrokerAddress.Parse(uri), ledger, log);
        await using (producer)
        {
            using var window = new SemaphoreSlim(settings.Workload.Window);
            try
            {
                await producer.StartAsync(stop.Token);
                ControlLines.Tell("ready");
                await ProduceAsync(producer, settings, ledger, window, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // told to stop: what is on its way is waited for
            }

            await Task.WhenAll(_answers);
        }

        return 0;
    }

    private async Task ProduceAsync(
        ITestedProducer producer, SubjectSettings settings, LedgerWriter ledger, SemaphoreSlim window,
        CancellationToken stop)
    {
        var pace = new Pace(settings.Workload.Rate / settings.Fleet.Producers, clock);
        for (var number = 1; number <= jobs; number++)
        {
            await pace.NextAsync(stop);
            await window.WaitAsync(stop);
            var job = new JobId($"{name}-{number:000000}");
            _answers.Add(EnqueueAsync(producer, job, settings.Workload.Payload, ledger, window));
            if (_answers.Count >= 4 * settings.Workload.Window)
            {
                _answers.RemoveAll(static answer => answer.IsCompletedSuccessfully);
            }
        }
    }

    private static async Task EnqueueAsync(
        ITestedProducer producer, JobId job, int payload, LedgerWriter ledger, SemaphoreSlim window)
    {
        var body = JobBody.Create(job, payload);
        ledger.Add(new HistoryEvent.EnqueueIntended(job, JobHistory.HashOf(body)));
        try
        {
            ledger.Add(HistoryEvent.Answered(job, await producer.EnqueueAsync(job, body)));
        }
        finally
        {
            window.Release(); // a defect must end the process with its error, not stop it without a word
        }
    }
}
