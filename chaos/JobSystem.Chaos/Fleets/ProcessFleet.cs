using System.Collections.Concurrent;
using System.Globalization;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Fleets;

/// <summary>The worker and producer processes of a run.</summary>
internal sealed class ProcessFleet : IFleet, IAsyncDisposable
{
    private readonly SystemSettings _settings;
    private readonly string _folder;
    private readonly string _logs;
    private readonly Func<string, string> _uriOf;
    private readonly FleetMember[] _workers;
    private readonly FleetMember[] _producers;
    private readonly ConcurrentDictionary<string, double> _failpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _hits = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<long> _origin = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="settings">For the processes.</param>
    /// <param name="folder">Of the run; the settings are saved there.</param>
    /// <param name="uriOf">How a member reaches the broker.</param>
    /// <param name="around">What members share.</param>
    public ProcessFleet(
        SystemSettings settings, string folder, Func<string, string> uriOf, FleetMemberContext around)
    {
        (_settings, _folder, _uriOf) = (settings, folder, uriOf);
        _logs = Directory.CreateDirectory(Path.Combine(folder, Runs.RunFolder.LogFolder)).FullName;
        settings.Save(folder);
        _workers = [.. Enumerable.Range(1, settings.Fleet.Workers).Select(number => $"worker-{number}")
            .Select(name => new FleetMember(name, isFinite: false, life => StartWorker(name, life), around))];
        _producers = [.. Enumerable.Range(0, settings.Fleet.Producers).Select(index => new FleetMember(
            $"producer-{index + 1}", isFinite: true, life => StartProducer(index, life), around))];
    }

    public IReadOnlyList<IFleetProcess> Workers => Ready(_workers);

    public IReadOnlyList<IFleetProcess> Producers => Ready(_producers);

    /// <summary>Completes when every producer has enqueued all its jobs.</summary>
    public Task ProducersDone => Task.WhenAll(_producers.Select(member => member.Done));

    public bool AreProducersDone => _producers.Length > 0 && ProducersDone.IsCompleted;

    /// <summary>A worker does not take part yet, and has not been given up.</summary>
    public bool IsWorkerStarting => Array.Exists(
        _workers, member => !member.Done.IsCompleted && member.Current is not { IsReady: true });

    public async Task SetFailpointAsync(string failpoint, double share)
    {
        _failpoints[failpoint] = share;
        foreach (var process in _workers.Select(member => member.Current).OfType<FleetProcess>())
        {
            await process.SendAsync(FailpointLine(failpoint, share));
        }
    }

    /// <summary>All of them so far, by name.</summary>
    public IReadOnlyDictionary<string, long> Hits => _hits.ToDictionary();

    public long HitsOf(string failpoint) => _hits.GetValueOrDefault(failpoint);

    /// <exception cref="TimeoutException">Not all were ready in time.</exception>
    public Task StartWorkersAsync(TimeSpan patience, TimeProvider clock) =>
        StartAsync(_workers, "worker", patience, clock);

    /// <summary>Returns when each of them may enqueue, or has ended already. They wait for <see cref="Go"/>.</summary>
    /// <exception cref="TimeoutException">Not all were ready in time.</exception>
    public Task StartProducersAsync(TimeSpan patience, TimeProvider clock) =>
        StartAsync(_producers, "producer", patience, clock);

    /// <summary>The load begins. Lives of producers that come later are told the same time: what they missed is late.
    /// </summary>
    /// <param name="origin">As the clock's timestamp; some time ahead, so that all are told before.</param>
    public void Go(long origin) => _origin.SetResult(origin);

    public async Task<bool> StopProducersAsync() =>
        (await Task.WhenAll(_producers.Select(member => member.StopAsync())))
        .All(ended => ended);

    public async Task<bool> StopWorkersAsync() => (await Task.WhenAll(_workers.Select(member => member.StopAsync())))
        .All(ended => ended);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _workers.Concat(_producers))
        {
            await member.DisposeAsync();
        }
    }

    private static async Task StartAsync(FleetMember[] members, string kind, TimeSpan patience, TimeProvider clock)
    {
        Array.ForEach(members, member => member.Open());
        try
        {
            await Task.WhenAll(members.Select(member => member.Current!.Ready)).WaitAsync(patience, clock);
        }
        catch (TimeoutException)
        {
            var missing = members.Count(member => !member.Current!.IsReady);
            throw new TimeoutException(
                $"Of {members.Length} {kind} processes {missing} were not ready within {patience.TotalMinutes:0} min.");
        }
    }

    private FleetProcess StartWorker(string member, string life) => Start(member, life, ["worker", _folder, life]);

    private FleetProcess StartProducer(int index, string life)
    {
        var member = $"producer-{index + 1}";
        var process = Start(member, life, ["producer", _folder, life, Text(index), Text(DoneBy(member))]);
        _ = GoAsync(process);
        return process;
    }

    private FleetProcess Start(string member, string life, IReadOnlyList<string> arguments)
    {
        var start = ChaosProgram.ToStart(arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[ChaosProgram.BrokerVariable] = _uriOf(member);

        // What a killed process leaves there (the runtime's debugging pipes) goes with the run's folder.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(_folder, "tmp", life)).FullName;
        if (_settings.IsSoak)
        {
            start.Environment.TryAdd("DOTNET_GCgen0size", "0x400000");
        }

        var process = new FleetProcess(
            member, life, start, OnLine, new ProcessLog(Path.Combine(_logs, life + ProcessLog.Extension)));
        foreach (var (failpoint, share) in _failpoints)
        {
            _ = process.SendAsync(FailpointLine(failpoint, share));
        }

        return process;
    }

    private async Task GoAsync(FleetProcess process) =>
        await process.SendAsync(ProducerProcess.Go(await _origin.Task));

    private void OnLine(string line)
    {
        if (line.StartsWith(FailpointSet.HitWord, StringComparison.Ordinal))
        {
            _hits.AddOrUpdate(line[FailpointSet.HitWord.Length..], 1, static (_, count) => count + 1);
        }
    }

    private static string FailpointLine(string failpoint, double share) =>
        $"{failpoint} {share.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Jobs that the earlier lives of a producer have tried.</summary>
    private int DoneBy(string member)
    {
        var done = 0;
        foreach (var file in Directory.EnumerateFiles(
            _settings.LedgerFolder, $"{member}.*{LedgerWriter.Extension}"))
        {
            using var reader = new LedgerReader(file, new TextCache());
            while (reader.TryRead(out _, out var happened))
            {
                done += happened is HistoryEvent.EnqueueIntended ? 1 : 0;
            }
        }

        return done;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static List<IFleetProcess> Ready(FleetMember[] members) =>
        [.. members.Select(member => member.Current).OfType<FleetProcess>().Where(process => process.IsReady)];
}
