using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Cli.Views;
using JobSystem.Chaos.Load.Comparisons;
using JobSystem.Chaos.Texts;
using JobSystem.Chaos.Verification.Measuring;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos compare</c>: says whether two builds differ.</summary>
internal static class CompareVerb
{
    private static readonly Argument<string> _a = new("a")
    {
        Description = "The baseline: a chaos program, its folder, or a clone in which it was built.",
    };

    private static readonly Argument<string> _b = new("b") { Description = "The build to compare with it." };

    private static readonly Option<int?> _rounds = Options.Number("--rounds",
        "Number of runs of each build. Default: 10.", PairedRatio.MinPairs, 1000);

    private static readonly Option<string?> _metric = Options.Text("--metric",
        "Measures to compare. Default: rate, confirm and finished p50 and p99, worker-cpu, producer-cpu.", "NAME,...");

    private static readonly Option<string?> _failIfSlower = Options.Text("--fail-if-slower",
        "Exit with 3 if B is worse than A by more than this, beyond doubt.", "SHARE");

    public static Command Create()
    {
        var verb = new Command("compare", "Compare two builds with interleaved runs.")
        {
            _a, _b, _rounds, _metric, _failIfSlower, Launch.Out, Launch.Junit, Launch.Json,
        };
        LoadArguments.AddTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore($"""
            Each round runs chaos load of both builds, with the same jobs. The order alternates (A B, B A, ...), so that
            a machine that becomes slower does so for both. For each measure it prints the median ratio of B to A and
            its 95 % interval. There is a difference where the interval excludes zero and chance is unlikely. FILE and
            all options of a load apply to both builds.

            NAME is rate (finished jobs a second), worker-cpu and producer-cpu (CPU time per job), worker-memory
            and producer-memory (peak of the largest), or a latency: confirm, finished, delay, confirm-sent and
            finished-sent with p50, p75, p90, p95, p99, p99.9, p99.99 or max.

            Rates differ only under a load that both cannot keep up with (--rate max --jobs N); latencies are best
            compared under one that both can. A broker that chaos starts serves all runs.

            Exit code 0: compared. 1: a run lost a confirmed job. 2: interrupted, or a run proves nothing. 3: B is
            worse than --fail-if-slower allows. The folder has compare.html, compare.json, junit.xml, and the runs.

            Examples:
              chaos compare ../before . --rate 200:10s
              chaos compare ../before . --rate max --jobs 20000 --work 0ms --metric rate,worker-cpu
              chaos compare ../before . --target 4.3 --rate 500:15s --rounds 20 --fail-if-slower 5%
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var plan = PlanOf(parsed);
        using var signals = new StopSignals(static _ => { });
        var folder = Directory.CreateDirectory(Launch.FreeFolder(parsed, $"compare-{plan.Seed}")).FullName;
        ComparisonReport report;
        using (var view = new ComparisonView(ChaosVerbs.Screen, parsed.GetValue(Launch.Json), plan))
        {
            view.Tell($"compare on {Secrets.Hide(plan.Target)}, seed {plan.Seed}, folder {folder}");
            report = await new ComparisonRun(plan, folder, view, TimeProvider.System).RunAsync(signals.Token);
            Launch.Write(
                parsed, folder, "compare", html => ComparisonHtml.Write(report, html),
                json => ComparisonJson.Write(report, json), junit => ComparisonJunit.Write(report, junit));
            view.Conclude(report, Path.Combine(folder, "compare.html"));
        }

        return report.ExitCode;
    }

    private static ComparisonPlan PlanOf(ParseResult parsed)
    {
        var experiment = LoadArguments.Read(parsed); // what makes no sense is said here, not by a child
        var seed = ExperimentArguments.SeedOf(parsed);
        var own = LoadArguments.Spell(parsed, _rounds, _metric, _failIfSlower);
        var (a, b) = (parsed.GetValue(_a)!, parsed.GetValue(_b)!);
        return new ComparisonPlan(
            BuiltProgram.Find("A", a), BuiltProgram.Find("B", b), parsed.GetValue(_rounds) ?? 10, seed,
            [.. LoadArguments.Words(parsed)], experiment.Target, MetricsOf(parsed.GetValue(_metric)),
            ShareOf(parsed.GetValue(_failIfSlower)),
            string.Create(
                CultureInfo.InvariantCulture,
                $"chaos compare {a} {b}{LoadArguments.Spell(parsed)}{own} --seed {seed}"));
    }

    private static IReadOnlyList<ComparedMetric> MetricsOf(string? text) => text is null ? ComparedMetric.Usual :
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => ComparedMetric.Find(name)
                ?? throw new UsageException($"--metric: '{name}' is not {ComparedMetric.Expected}.")),
    ];

    private static double? ShareOf(string? text) => text is null ? null
        : ShareText.TryParse(text, out var share) ? share
        : throw new UsageException($"--fail-if-slower: '{text}' is not {ShareText.Expected}.");
}
