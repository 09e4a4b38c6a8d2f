using System.CommandLine;
using JobSystem.Benchmarks.Recording;
using JobSystem.Benchmarks.Throughput;
using JobSystem.Chaos.Targets;
using JobSystem.Cli;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;
using JobSystem.Transports;

namespace JobSystem.Benchmarks.Verbs;

/// <summary><c>record</c>: measures all parts and writes the document, or some and prints their tables.</summary>
internal static class RecordVerb
{
    private static readonly IReadOnlyList<Part> _allParts =
        PartCatalog.Create(Contender.All, Enum.GetValues<QueueKind>());

    private static readonly Option<string?> _broker = Options.Text("--broker",
        "amqp://user:password@host:5672/vhost, or one of ours: plain, 4.0, 4.3. Default: 4.3 where Docker runs, " +
        "else plain; left as it was found.", "URI");

    private static readonly Option<string?> _only = Options.Text("--only",
        "Only these parts, with commas between them, or goals: all that have some. Their tables are printed.", "PART");

    private static readonly Option<bool> _quick = Options.Flag("--quick",
        "A quarter of the jobs and three rounds at most: shows that it works.");

    private static readonly Option<string?> _out = Options.Text("--out",
        "Where the document is written. Default: docs/benchmarks.md of this repository for a whole record, nowhere " +
        "with one of the other options but --broker.", "FILE");

    private static readonly Option<string?> _contenders = Options.Text("--contenders",
        "Of the part throughput only these; ratios are taken to the first.", "NAME");

    private static readonly Option<string?> _kind = Options.Text("--kind",
        "Of the part throughput only this: quorum or classic.", "KIND");

    private static readonly Option<int?> _rounds = Options.Number("--rounds",
        "So many rounds of everything that takes turns.", 1, 1000);

    public static Command Create()
    {
        var verb = new Command("record", "Measures, prints the tables, and writes the document.")
        {
            _broker, _only, _quick, _out, _contenders, _kind, _rounds,
        };
        verb.SetAction(RunAsync);
        var parts = string.Join("\n  ", _allParts.Select(part => $"{part.Name,-12} {part.About}"));
        return verb.WithMore($"""
            Parts:
              {parts}

            Contenders: {string.Join(", ", Contender.All.Select(each => each.Key))}.

            Examples, after dotnet run -c Release --project tests/JobSystem.Benchmarks --
              record                                        the whole record, into docs/benchmarks.md
              record --quick                                the same in a few minutes, only printed
              record --only pool,sqlite                     two parts
              record --only goals                           every part that has goals
              record --only throughput --contenders plain,jobsystem --kind quorum --rounds 5
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = Read(parsed);
        using var signals = new StopSignals(static _ => { });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, signals.Token);
        await Recorder.RunAsync(settings, new Live(BenchmarkVerbs.Screen), stop.Token);
        return ExitCode.Done;
    }

    private static RecordSettings Read(ParseResult parsed)
    {
        var contenders = Chosen(parsed.GetValue(_contenders), Contender.All, each => each.Key, "contender");
        var kinds = Chosen(
            parsed.GetValue(_kind), Enum.GetValues<QueueKind>(), each => $"{each}".ToLowerInvariant(), "kind of queue");
        var all = PartCatalog.Create(contenders, kinds);
        var only = parsed.GetValue(_only);
        var isWhole = Spell(parsed).Length == 0;
        return new RecordSettings
        {
            Broker = parsed.GetValue(_broker),
            Parts = only == "goals"
                ? [.. all.Where(part => part.HasGoals)]
                : Chosen(only, all, part => part.Name, "part"),
            Effort = new Effort(parsed.GetValue(_quick), parsed.GetValue(_rounds)),
            Out = parsed.GetValue(_out) ?? (isWhole
                ? Path.Combine(BrokerScript.RootAbove(AppContext.BaseDirectory), "docs", "benchmarks.md")
                : null),
            Arguments = Spell(parsed),
        };
    }

    /// <summary>What changes the record, as it was asked for; empty: nothing does. No address of a broker.</summary>
    private static string Spell(ParseResult parsed)
    {
        var values = new[] { _only, _contenders, _kind }
            .Select(option => (option.Name, Value: parsed.GetValue(option)))
            .Append((_rounds.Name, Value: $"{parsed.GetValue(_rounds)}"))
            .Where(each => !string.IsNullOrEmpty(each.Value))
            .Select(each => $"{each.Name} {each.Value}");
        return string.Join(' ', parsed.GetValue(_quick) ? values.Prepend(_quick.Name) : values);
    }

    private static IReadOnlyList<T> Chosen<T>(string? words, IReadOnlyList<T> all, Func<T, string> name, string what)
    {
        return words is null ? all : [.. words.Split(',', StringSplitOptions.TrimEntries).Select(Find)];

        T Find(string word) => all.Any(each => name(each) == word)
            ? all.First(each => name(each) == word)
            : throw new UsageException(
                $"There is no {what} '{word}': give one of {string.Join(", ", all.Select(name))}.");
    }
}
