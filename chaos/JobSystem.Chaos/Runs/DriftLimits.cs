using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Measuring;
using static System.FormattableString;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Whether anything grows that should not, judged over the steady part of a load: without its first 15 %, in which
/// programs warm up. Something drifts where its trend is surely above what is allowed an hour, over the whole steady
/// part and over the later half of it alone, and where what it grew by in all is more than noise. Pure.
/// </summary>
internal static class DriftLimits
{
    private const double WarmUp = 0.15;
    private const double MegaByte = 1024 * 1024;

    /// <summary>What is shorter tells nothing of an hour: what grows for a minute may have been warming up.</summary>
    private static readonly TimeSpan _shortest = TimeSpan.FromMinutes(10);

    private static readonly Allowance _memory = new(0.05, 16 * MegaByte, ResourceText.Bytes);
    private static readonly Allowance _brokerMemory = new(0.05, 64 * MegaByte, ResourceText.Bytes);
    private static readonly Allowance _count = new(0, 10, static number => Invariant($"{number:0.#}"));
    private static readonly Allowance _latency = new(
        0.1, 0.02, static seconds => seconds < 0
            ? $"-{StageText.Of(TimeSpan.FromSeconds(-seconds))}"
            : StageText.Of(TimeSpan.FromSeconds(seconds)));

    public static IEnumerable<ThresholdResult> Judge(Resources used, Timeline timeline)
    {
        yield return new ThresholdResult(
            "restarts", "none unexpected", used.Restarts.Count == 0 ? "none" : RestartsOf(used),
            used.Restarts.Count == 0);
        if (SteadyPart(timeline) is not { } steady)
        {
            yield return new ThresholdResult(
                "drift", "none", $"the load was too short to tell: it takes {StageText.Of(_shortest)}", null);
            yield break;
        }

        IEnumerable<Drift?> all =
        [
            .. OfProcesses(used, steady), .. OfBroker(used, steady),
            Judge("finished p99", "", _latency, LatenciesOf(timeline, steady)),
        ];
        foreach (var group in all.OfType<Drift>().GroupBy(drift => drift.What))
        {
            foreach (var result in Told([.. group]))
            {
                yield return result;
            }
        }
    }

    /// <summary>Each that drifts by its name; of the others the one that grew most stands for all.</summary>
    private static IEnumerable<ThresholdResult> Told(IReadOnlyList<Drift> drifts)
    {
        foreach (var drift in drifts.Where(each => !each.IsMet))
        {
            yield return new ThresholdResult(
                $"drift: {drift.Whose(drift.Who)}", drift.Limit, drift.Measured, false);
        }

        if (drifts.Where(each => each.IsMet).MaxBy(each => each.Grown) is { } most)
        {
            yield return new ThresholdResult(
                $"drift: {most.Whose("")}", most.Limit,
                drifts.Count > 1 ? $"most: {most.Who}, {most.Measured}" : most.Measured, true);
        }
    }

    private static IEnumerable<Drift?> OfProcesses(Resources used, Interval steady)
    {
        foreach (var process in used.Processes)
        {
            // A life that began under load warms up then.
            var own = process.Samples is [var first, ..] && first.At > steady.From - (steady.Length * WarmUp)
                ? steady with { From = Later(steady.From, first.At + (steady.Length * WarmUp)) }
                : steady;
            var samples = process.Samples.Where(sample => own.Has(sample.At)).ToList();
            var whose = process.IsProducer ? "producers" : "workers";
            yield return Judge($"memory of {whose}", process.Life, _memory, samples.Select(Of(each => each.Memory)));
            yield return Judge($"handles of {whose}", process.Life, _count, samples.Select(Of(each => each.Handles)));
            yield return Judge($"threads of {whose}", process.Life, _count, samples.Select(Of(each => each.Threads)));
        }

        static Func<ProcessSample, (double, double)> Of(Func<ProcessSample, double> of) =>
            sample => (sample.At.TotalHours, of(sample));
    }

    private static IEnumerable<Drift?> OfBroker(Resources used, Interval steady)
    {
        var samples = used.Broker.Where(sample => steady.Has(sample.At)).ToList();
        yield return Judge("memory of the broker", "", _brokerMemory, samples.Select(Of(each => each.Memory)));
        yield return Judge("connections of the broker", "", _count, samples.Select(Of(each => each.Connections)));
        yield return Judge("channels of the broker", "", _count, samples.Select(Of(each => each.Channels)));

        static Func<BrokerSample, (double, double)> Of(Func<BrokerSample, double> of) =>
            sample => (sample.At.TotalHours, of(sample));
    }

    private static IEnumerable<(double, double)> LatenciesOf(Timeline timeline, Interval steady) => timeline.Bins
        .Select((bin, index) => (At: timeline.BinWidth * index, bin.EndToEnd))
        .Where(each => steady.Has(each.At) && each.EndToEnd.Count > 0)
        .Select(each => (each.At.TotalHours, each.EndToEnd.P99.TotalSeconds));

    /// <summary>Null: there are too few points.</summary>
    private static Drift? Judge(
        string what, string who, Allowance allowed, IEnumerable<(double Hours, double Value)> samples)
    {
        var points = samples.ToList();
        if (points.Count < 2 * Trend.MinPoints
            || Trend.Of(points) is not { } whole || Trend.Of(points[(points.Count / 2)..]) is not { } later)
        {
            return null;
        }

        var grown = whole.Slope * (points[^1].Hours - points[0].Hours);
        var most = allowed.AnHour * Math.Abs(whole.Level);
        return new Drift(
            what, who,
            $"at most {(allowed.AnHour > 0 ? Invariant($"{allowed.AnHour * 100:0.#} % an hour and ") : "")}" +
                $"{allowed.Say(allowed.InAll)} in all",
            $"{allowed.Say(whole.Slope)} an hour ({allowed.Say(whole.Low)} to {allowed.Say(whole.High)}), " +
                $"{allowed.Say(grown)} in all",
            grown, !(whole.Low > most && later.Low > most && grown > allowed.InAll));
    }

    private static Interval? SteadyPart(Timeline timeline)
    {
        TimeSpan? At(string phase) => timeline.Phases.Where(each => each.Phase == phase)
            .Select(each => (TimeSpan?)each.At).FirstOrDefault();
        var (from, to) = (At("load") ?? TimeSpan.Zero, At("drain") ?? timeline.End);
        return to - from < _shortest ? null : new Interval(from + ((to - from) * WarmUp), to);
    }

    private static string RestartsOf(Resources used) =>
        $"{used.Restarts.Count}: {string.Join(", ", used.Restarts.Take(5).Select(restart => restart.Life))}";

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>How much may be grown by.</summary>
    /// <param name="AnHour">As a share of what there is.</param>
    /// <param name="InAll">Less than this is noise.</param>
    /// <param name="Say">A figure in words.</param>
    private sealed record Allowance(double AnHour, double InAll, Func<double, string> Say);

    /// <param name="What">What may grow, and whose: <c>memory of workers</c>.</param>
    /// <param name="Who">Which of them; empty: there is only one.</param>
    /// <param name="Limit">In words.</param>
    /// <param name="Measured">In words.</param>
    /// <param name="Grown">In all.</param>
    /// <param name="IsMet">It does not drift.</param>
    private sealed record Drift(string What, string Who, string Limit, string Measured, double Grown, bool IsMet)
    {
        /// <summary>With the name of one instead of all of its kind, where it is not empty.</summary>
        public string Whose(string one) => one.Length == 0 ? What : $"{What[..What.LastIndexOf(' ')]} {one}";
    }

    private readonly record struct Interval(TimeSpan From, TimeSpan To)
    {
        public TimeSpan Length => To - From;

        public bool Has(TimeSpan at) => at >= From && at <= To;
    }
}
