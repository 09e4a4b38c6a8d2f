using System.Globalization;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Reports;

/// <summary>Folds a history into <see cref="Resources"/>. Its memory is bounded by the lives, not by the length of the
/// run.</summary>
internal sealed class ResourceFold
{
    private const int MaxSamples = 2000;

    private readonly SortedDictionary<string, IncarnationUse> _lives = new(StringComparer.Ordinal);
    private readonly List<BrokerSample> _broker = [];
    private readonly List<Restart> _restarts = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public void Add(in HistoryEntry entry)
    {
        switch (entry.Event)
        {
            case HistoryEvent.ProcessSampled sample:
                Add(sample, entry.At);
                break;
            case HistoryEvent.BrokerSampled sample:
                _broker.Add(new BrokerSample(entry.At, sample.Memory, sample.Connections, sample.Channels));
                Thin(_broker);
                break;
            case HistoryEvent.EndExpected expected:
                _asked.Add(expected.Process);
                break;
            case HistoryEvent.FaultInjected fault when Ends(fault):
                _asked.Add(fault.Target.Split(' ')[0]); // "worker-1.2 (process 123)"
                break;
            case HistoryEvent.WorkerStarted started
                when Before(started.Worker) is { } before && !_asked.Contains(before) && _restarts.Count < MaxSamples:
                _restarts.Add(new Restart(started.Worker, entry.At));
                break;
        }
    }

    /// <summary>Ends the fold.</summary>
    public Resources ToResources() => new()
    {
        Processes = [.. _lives.Select(each => each.Value.ToUse(each.Key))],
        Broker = _broker,
        Restarts = _restarts,
    };

    private void Add(HistoryEvent.ProcessSampled sample, TimeSpan at)
    {
        if (!_lives.TryGetValue(sample.Process, out var life))
        {
            // What the first life has used before the load began is the cost of its start; a later one's is the load's.
            var isFirst = Before(sample.Process) is null;
            _lives.Add(sample.Process, life = new IncarnationUse(isFirst ? sample.Cpu : TimeSpan.Zero));
        }

        life.Add(new ProcessSample(at, sample.Memory, sample.Handles, sample.Threads, sample.Cpu), sample.PeakMemory);
    }

    /// <summary>The life before this one; null: it is the first.</summary>
    private static string? Before(string life) =>
        life.LastIndexOf('.') is var dot and > 0
            && int.TryParse(life.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 1
            ? $"{life[..dot]}.{(number - 1).ToString(CultureInfo.InvariantCulture)}"
            : null;

    /// <summary>The kinds that make a process end. Older ledgers have no other word of it.</summary>
    private static bool Ends(HistoryEvent.FaultInjected fault) =>
        fault.Name.EndsWith("-kill", StringComparison.Ordinal)
        || fault.Name.EndsWith("-term", StringComparison.Ordinal);

    /// <summary>Every other one goes where there are too many.</summary>
    private static void Thin<T>(List<T> samples)
    {
        if (samples.Count >= 2 * MaxSamples)
        {
            var index = 0;
            samples.RemoveAll(_ => index++ % 2 == 1);
        }
    }

    private sealed class IncarnationUse(TimeSpan before)
    {
        private readonly List<ProcessSample> _samples = [];
        private TimeSpan _cpu;
        private long _peak;

        public void Add(in ProcessSample sample, long peak)
        {
            _samples.Add(sample);
            _cpu = sample.Cpu > _cpu ? sample.Cpu : _cpu;
            _peak = Math.Max(_peak, peak);
            Thin(_samples);
        }

        public ProcessUse ToUse(string life) => new(life, _samples, _cpu > before ? _cpu - before : _cpu, _peak);
    }
}
