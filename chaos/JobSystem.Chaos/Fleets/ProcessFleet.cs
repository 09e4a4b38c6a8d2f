using System.Collections.Concurrent;
using System.Globalization;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
using JobSystem.Chaos.Subjects;

namespace JobSystem.Chaos.Fleets;

/// <summary>The worker and producer processes of a run.</summary>
internal sealed class ProcessFleet : IFleet, IAsyncDisposable
{
    private readonly SubjectSettings _settings;
    private readonly string _folder;
    private readonly Func<string, string> _uriOf;
    private readonly Seat[] _workers;
    private readonly Seat[] _producers;
    private readonly ConcurrentDictionary<string, double> _failpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _hits = new(StringComparer.Ordinal);

    /// <param name="settings">For the processes.</param>
    /// <param name="folder">Of the run; the settings are saved there.</param>
    /// <param name="uriOf">How a seat reaches the broker.</param>
    /// <param name="around">What seats share.</param>
    public ProcessFleet(
        SubjectSettings settings, string folder, Func<string, string> uriOf, SeatSurroundings around)
    {
        (_settings, _folder, _uriOf) = (settings, folder, uriOf);
        settings.Save(folder);
        _workers = [.. Names("worker", settings.Fleet.Workers)
            .Select(name => new Seat(name, isFinite: false, life => Start("worker", name, life), around))];
        _producers = [.. Names("producer", settings.Fleet.Producers)
            .Select(name => new Seat(name, isFinite: true, life => Start("producer", name, life), around))];
    }

    public IReadOnlyList<IFleetProcess> Workers => Ready(_workers);

    public IReadOnlyList<IFleetProcess> Producers => Ready(_producers);

    /// <summary>Completes when every producer has enqueued all its jobs.</summary>
    public Task ProducersDone => Task.WhenAll(_producers.Select(seat => seat.Done));

    public async Task SetFailpointAsync(string failpoint, double share)
    {
        _failpoints[failpoint] = share;
        foreach (var process in _workers.Select(seat => seat.Current).OfType<FleetProcess>())
        {
            await process.SendAsync(FailpointLine(failpoint, share));
        }
    }

    public long HitsOf(string failpoint) => _hits.GetValueOrDefault(failpoint);

    /// <exception cref="TimeoutException">Not all were ready in time.</exception>
    public async Task StartWorkersAsync(TimeSpan patience, TimeProvider clock)
    {
        Array.ForEach(_workers, seat => seat.Open());
        await Task.WhenAll(_workers.Select(seat => seat.Current!.Ready)).WaitAsync(patience, clock);
    }

    /// <summary>Returns when each of them enqueues, or has ended already.</summary>
    /// <exception cref="TimeoutException">Not all were ready in time.</exception>
    public async Task StartProducersAsync(TimeSpan patience, TimeProvider clock)
    {
        Array.ForEach(_producers, seat => seat.Open());
        await Task.WhenAll(_producers.Select(seat => seat.Current!.Ready)).WaitAsync(patience, clock);
    }

    public async Task<bool> StopProducersAsync() => (await Task.WhenAll(_producers.Select(seat => seat.StopAsync())))
        .All(ended => ended);

    public async Task<bool> StopWorkersAsync() => (await Task.WhenAll(_workers.Select(seat => seat.StopAsync())))
        .All(ended => ended);

    public async ValueTask DisposeAsync()
    {
        foreach (var seat in _workers.Concat(_producers))
        {
            await seat.DisposeAsync();
        }
    }

    private FleetProcess Start(string verb, string seat, string life)
    {
        string[] jobs = verb == "producer"
            ? [$"{Remaining(seat).ToString(CultureInfo.InvariantCulture)}"]
            : [];
        var start = ChaosProgram.ToStart([verb, _folder, life, .. jobs]);
        start.Environment[SubjectSettings.BrokerVariable] = _uriOf(seat);
        var process = new FleetProcess(seat, life, start, OnLine);
        foreach (var (failpoint, share) in _failpoints)
        {
            _ = process.SendAsync(FailpointLine(failpoint, share));
        }

        return process;
    }

    private void OnLine(string line)
    {
        if (line.StartsWith("hit ", StringComparison.Ordinal))
        {
            _hits.AddOrUpdate(line[4..], 1, static (_, count) => count + 1);
        }
    }

    private static string FailpointLine(string failpoint, double share) =>
        $"{failpoint} {share.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What the earlier lives of a producer have not even tried to enqueue.</summary>
    private int Remaining(string seat)
    {
        var share = (_settings.Workload.Jobs + _settings.Fleet.Producers - 1) / _settings.Fleet.Producers;
        foreach (var file in Directory.EnumerateFiles(
            _settings.LedgerFolder, $"{seat}.*{LedgerWriter.Extension}"))
        {
            using var reader = new LedgerReader(file, new TextCache());
            while (reader.TryRead(out _, out var happened))
            {
                share -= happened is HistoryEvent.EnqueueIntended ? 1 : 0;
            }
        }

        return Math.Max(0, share);
    }

    private static List<IFleetProcess> Ready(Seat[] seats) =>
        [.. seats.Select(seat => seat.Current).OfType<FleetProcess>().Where(process => process.IsReady)];

    private static IEnumerable<string> Names(string kind, int count) =>
        Enumerable.Range(1, count).Select(number => $"{kind}-{number}");
}
