using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Plans;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary>The options of a load, laid over an experiment's file: one way of reading a value, whoever says it.
/// </summary>
internal static class LoadArguments
{
    private const string NoFile = """
        name: load
        about: A load without a file of its own.
        workload: { rate: "200:30s" }
        """;

    private static readonly Argument<string?> _file = new("file")
    {
        Description = "Experiment that gives the load and the faults: a YAML file, or the name of one that ships.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> _rate = Options.Text("--rate",
        "Arrival rate in jobs per second. Default: 200:30s.", "RATE");

    private static readonly Option<string?> _for = Options.Text("--for", "Duration, where the rate is a number.", "T");

    private static readonly Option<string?> _jobs = Options.Text("--jobs",
        "Total number of jobs, where the rate has no end.", "N");

    private static readonly Option<string?> _arrivals = Options.Text("--arrivals",
        "even (default), or poisson: random around the rate.", "WORD");

    private static readonly Option<string?> _mix = Options.Text("--mix",
        "Kinds of jobs and their shares: short:90,long:10.", "NAME:SHARE,...");

    private static readonly Option<string[]> _kind = Options.Texts("--kind",
        "Define a kind of job for --mix. Repeatable.", "NAME=WORK[/SIZE]");

    private static readonly Option<string?> _work = Options.Text("--work",
        "How long a job runs. Default: exp(5ms).", "WORK");

    private static readonly Option<string?> _payload = Options.Text("--payload",
        "Size of a payload in bytes. Default: 200.", "SIZE");

    private static readonly Option<string?> _queues = Options.Text("--queues",
        "Number of queues, or their names and shares: orders:70,mail:30. Default: 1.", "QUEUES");

    private static readonly Option<string?> _workers = Options.Text("--workers",
        "Number of worker processes. Default: 2.", "N");

    private static readonly Option<string?> _slots = Options.Text("--slots",
        "Concurrency: jobs of one queue that a worker runs at once. Default: 8.", "N");

    private static readonly Option<string?> _producers = Options.Text("--producers",
        "Number of processes that enqueue. Default: 1.", "N");

    private static readonly Option<string?> _window = Options.Text("--window",
        "Maximum number of unconfirmed enqueues per producer. Default: 256.", "N");

    private static readonly Option<string?> _patience = Options.Text("--patience",
        "A producer gives up when it falls behind by more than this. Default: never.", "T");

    private static readonly Option<string[]> _faults = Options.Texts("--fault",
        "Fault to inject during the load (see chaos faults): \"worker-kill at=5s times=3 every=10s\". Repeatable.",
        "FAULT");

    private static readonly Option<string[]> _limits = Options.Texts("--limit",
        "Maximum latency: confirm.p99=50ms. Repeatable.", "WHAT=T");

    private static readonly Option<bool> _soak = Options.Flag("--soak",
        "Fail the run if memory, handles or latency keep growing, or a process ends by itself.");

    private static readonly Option[] _all =
    [
        ExperimentArguments.Target, _rate, _for, _jobs, _arrivals, _mix, _kind, _work, _payload, _queues, _workers,
        _slots, _producers, _window, _patience, _faults, _limits, _soak, ExperimentArguments.Variables,
    ];

    private static readonly Option[] _ofOneRate = [_rate, _for, _jobs, _soak];

    /// <param name="verb">Gets the options.</param>
    /// <param name="withRate">False: it tries rates of its own.</param>
    public static void AddTo(Command verb, bool withRate = true)
    {
        verb.Add(_file);
        foreach (var option in withRate ? _all : _all.Except(_ofOneRate))
        {
            verb.Add(option);
        }

        verb.Add(ExperimentArguments.Seed);
    }

    /// <summary>The load that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rate">Instead of its rate.</param>
    /// <exception cref="ExperimentException">It makes no sense; the text says why.</exception>
    public static Experiment Read(ParseResult parsed, string? rate = null)
    {
        var overlay = OverlayOf(parsed, rate ?? RateOf(parsed));
        return parsed.GetValue(_file) is { } file
            ? ExperimentCatalog.Read(file, ExperimentArguments.VariablesOf(parsed), overlay)
            : ExperimentReader.Read("load", NoFile, null, overlay);
    }

    /// <summary>How the user may say the same again, with a space before it.</summary>
    public static string Spell(ParseResult parsed) => Spell(Words(parsed));

    /// <summary>The same of other options.</summary>
    public static string Spell(ParseResult parsed, params Option[] options) => Spell(Words(parsed, options));

    /// <summary>What was given, but for the seed, as another program takes it; may hold secrets.</summary>
    public static IEnumerable<string> Words(ParseResult parsed) =>
    [
        .. parsed.GetValue(_file) is { } file ? [file] : Array.Empty<string>(),
        .. Words(parsed, _all),
    ];

    private static IEnumerable<string> Words(ParseResult parsed, Option[] options) =>
        options.Where(option => parsed.GetResult(option) is { Implicit: false })
            .SelectMany(option => option is Option<bool>
                ? [option.Name]
                : parsed.GetResult(option)!.Tokens.SelectMany(token => new[] { option.Name, token.Value }));

    private static string Spell(IEnumerable<string> words) =>
        string.Concat(words.Select(word => $" {Quoted(Secrets.Hide(word))}"));

    private static string? RateOf(ParseResult parsed) => (parsed.GetValue(_rate), parsed.GetValue(_for)) switch
    {
        (var rate, null) => rate,
        (null, { } length) => $"200:{length}",
        ({ } rate, { } length) when !rate.Contains(':', StringComparison.Ordinal) => $"{rate}:{length}",
        _ => throw new UsageException("--for: the rate says itself how long each of its stages is."),
    };

    private static YamlOverlay OverlayOf(ParseResult parsed, string? rate)
    {
        var overlay = new YamlOverlay();
        overlay.Set(parsed.GetValue(ExperimentArguments.Target), "target");
        if (rate is not null && rate.Contains(':', StringComparison.Ordinal) && parsed.GetValue(_jobs) is null)
        {
            overlay.Remove("workload", "jobs"); // the file's; a rate with an end says itself how many there are
        }

        overlay.Set(rate, "workload", "rate");
        overlay.Set(parsed.GetValue(_jobs), "workload", "jobs");
        overlay.Set(parsed.GetValue(_arrivals), "workload", "arrivals");
        overlay.Set(parsed.GetValue(_work), "workload", "work");
        overlay.Set(parsed.GetValue(_payload), "workload", "payload");
        overlay.Set(parsed.GetValue(_window), "workload", "window");
        overlay.Set(parsed.GetValue(_patience), "workload", "patience");
        overlay.Set(parsed.GetValue(_workers), "fleet", "workers");
        overlay.Set(parsed.GetValue(_slots), "fleet", "concurrency");
        overlay.Set(parsed.GetValue(_producers), "fleet", "producers");
        SetMix(parsed, overlay);
        foreach (var (name, weight) in QueuesOf(parsed.GetValue(_queues)))
        {
            overlay.Set(weight, "workload", "queues", name);
        }

        overlay.Set(parsed.GetValue(_soak) ? "true" : null, "expect", "soak");
        foreach (var limit in parsed.GetValue(_limits) ?? [])
        {
            var (what, time) = Halves(limit, '=', "--limit", "WHAT=T, such as confirm.p99=50ms");
            var (measure, point) = Halves(what, '.', "--limit", LatencyLimit.Expected);
            overlay.Set(time, "expect", "latency", measure, point);
        }

        foreach (var fault in parsed.GetValue(_faults) ?? [])
        {
            overlay.Add("faults", FaultOf(fault));
        }

        return overlay;
    }

    private static void SetMix(ParseResult parsed, YamlOverlay overlay)
    {
        var kinds = (parsed.GetValue(_kind) ?? [])
            .Select(text => Halves(text, '=', "--kind", "NAME=WORK[/SIZE]"))
            .ToDictionary(kind => kind.First, kind => kind.Second.Split('/', 2), StringComparer.Ordinal);
        var shares = SharesOf(parsed.GetValue(_mix) ?? string.Join(',', kinds.Keys));
        foreach (var (name, weight) in shares)
        {
            if (!kinds.TryGetValue(name, out var parts))
            {
                overlay.Set(weight, "workload", "mix", name);
                continue;
            }

            overlay.Set(weight, "workload", "mix", name, "weight");
            overlay.Set(parts[0], "workload", "mix", name, "work");
            overlay.Set(parts.ElementAtOrDefault(1), "workload", "mix", name, "payload");
        }
    }

    /// <summary>A number of queues, or their shares.</summary>
    private static IEnumerable<(string Name, string Weight)> QueuesOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1000
            ? Enumerable.Range(1, count).Select(number => (number == 1 ? "chaos" : $"chaos-{number}", "1"))
            : SharesOf(text ?? "");

    /// <summary><c>NAME:SHARE</c> or <c>NAME</c>, with commas between.</summary>
    private static IEnumerable<(string Name, string Weight)> SharesOf(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(share => share.LastIndexOf(':') is var colon and >= 0
            ? (share[..colon], share[(colon + 1)..])
            : (share, "1"));

    private static Dictionary<string, string> FaultOf(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Skip(1)
            .Select(word => Halves(word, '=', "--fault", "KIND NAME=VALUE ..."))
            .Append(("fault", words.FirstOrDefault() ?? ""))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
    }

    private static (string First, string Second) Halves(string text, char separator, string option, string expected) =>
        text.Split(separator, 2) is [{ Length: > 0 } first, { Length: > 0 } second]
            ? (first, second)
            : throw new UsageException($"{option}: '{text}' is not {expected}.");

    private static string Quoted(string text) =>
        text.All(static each => char.IsAsciiLetterOrDigit(each) || "._-:,/=+@%".Contains(each)) ? text : $"\"{text}\"";
}
