using System.Globalization;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// The life of a producer process under test: <c>ready</c> when it may enqueue; it is told when the load began
/// (<c>go TIMESTAMP</c>), and then enqueues what is due until there are enough jobs or it is told to stop; it ends
/// when each has its answer.
/// </summary>
/// <param name="name">Of this life.</param>
/// <param name="folder">Of the run.</param>
/// <param name="member">Which producer it is, from 0.</param>
/// <param name="done">Jobs that its earlier lives have tried.</param>
/// <param name="clock">The system's.</param>
internal sealed class ProducerProcess(string name, string folder, int member, int done, TimeProvider clock)
{
    private readonly TaskCompletionSource<long> _origin = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the controller says when the load begins; the time may lie in the past or in the future.
    /// </summary>
    public static string Go(long timestamp) => string.Create(CultureInfo.InvariantCulture, $"go {timestamp}");

    public async Task<int> RunAsync()
    {
        var settings = SystemSettings.Load(folder);
        var uri = Environment.GetEnvironmentVariable(ChaosProgram.BrokerVariable)
            ?? throw new InvalidOperationException($"{ChaosProgram.BrokerVariable} is not set.");
        using var log = Screen.Detect(ChaosProgram.Name).OpenLog(LogLevel.Information, json: false);
        using var signals = new StopSignals(static _ => { });
        using var ledger = new LedgerWriter(settings.LedgerFolder, name, clock);
        var control = new ControlLines(Hear);
        control.Start();
        using var stop = new CancellationTokenSource();
        _ = Task.WhenAny(signals.First, control.Stop).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        await using (var producer = ProducerFor(uri, settings, ledger, log))
        {
            try
            {
                await Task.WhenAll(
                    producer.StartAsync(stop.Token),
                    done == 0 ? LoadGenerator.WarmUpAsync(settings, clock) : Task.CompletedTask);
                ControlLines.Tell("ready");
                var origin = await _origin.Task.WaitAsync(stop.Token);
                using var load = new LoadGenerator(name, producer, settings, ledger, clock);
                await load.RunAsync(member, done, origin, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // told to stop before it began
            }
        }

        if (ProcessStat.OfSelf(name) is { } used)
        {
            ledger.Add(used);
        }

        return 0;
    }

    private ITestedProducer ProducerFor(
        string uri, SystemSettings settings, LedgerWriter ledger, ILoggerFactory log) =>
        uri == SinkTarget.Place.OriginalString ? new SinkProducer(name, ledger)
        : settings.SystemUnderTest.Producer == "plain" ? new PlainProducer(name, settings, uri, clock)
        : new JobSystemProducer(name, settings, BrokerAddress.Parse(uri), ledger, log);

    private void Hear(string line)
    {
        if (line.StartsWith("go ", StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp))
        {
            _origin.TrySetResult(timestamp);
        }
    }
}
