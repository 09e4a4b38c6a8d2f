using System.CommandLine;
using System.Globalization;
using JobSystem.Chaos.Cli.Views;
using JobSystem.Chaos.Load.Capacity;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Texts;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;
using static System.FormattableString;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos find-max</c>: finds the highest rate within the limits.</summary>
internal static class FindMaxVerb
{
    private static readonly TimeSpan _usualStep = TimeSpan.FromSeconds(20);

    private static readonly Option<string?> _from = Options.Text("--from",
        "First rate to try, in jobs per second. Default: 50.", "N");

    private static readonly Option<string?> _to = Options.Text("--to",
        "Highest rate to try. Default: no end.", "N");

    private static readonly Option<TimeSpan?> _step = Options.Duration("--step",
        "Duration of each step. Default: 20s.");

    private static readonly Option<string?> _precision = Options.Text("--precision",
        "Largest gap between the highest rate within the limits and the lowest beyond. Default: 5%.", "SHARE");

    public static Command Create()
    {
        var verb = new Command("find-max", "Find the highest rate within the limits.")
        {
            _from, _to, _step, _precision, Launch.Out, Launch.Junit, Launch.Json,
        };
        LoadArguments.AddTo(verb, withRate: false);
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            Each step is a whole load run (chaos load) at one rate, in a folder of its own and with its own verdict. The
            rate doubles until a step misses a limit, then the gap is halved down to the precision. The rates on both
            sides of the border are tried again, and a third time where two tries disagree. A step fails when it
            misses a limit, when it falls so far behind that it is given up, or when its backlog grows to the end.

            Limits, where --limit names none: confirm.p99=1s, finished.p99=2s, delay.p99=100ms (of the schedule).
            --patience is twice the longest limit by default. A broker that chaos starts serves all steps.

            Exit code 0: found. 1: a step lost a confirmed job, which ends the search. 2: interrupted, or a step proves
            nothing. 3: not even the first rate is within the limits. The folder has find-max.html,
            find-max.json, junit.xml, and a folder for each step.

            Examples:
              chaos find-max --work 0ms
              chaos find-max --target 4.3 --workers 4 --limit finished.p99=250ms --step 30s
              chaos find-max --target 4.3 --mix short:90,long:10 --from 20 --to 2000 --precision 10%
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var plan = PlanOf(parsed);
        using var signals = new StopSignals(static _ => { });
        var folder = Directory.CreateDirectory(Launch.FreeFolder(parsed, $"find-max-{plan.Seed}")).FullName;
        CapacityReport report;
        using (var view = new CapacityView(ChaosVerbs.Screen, parsed.GetValue(Launch.Json), TimeProvider.System))
        {
            view.Tell($"find-max on {Secrets.Hide(plan.Load.Target)}, seed {plan.Seed}, folder {folder}");
            report = await new CapacityRun(plan, folder, view, TimeProvider.System).RunAsync(signals.Token);
            Launch.Write(
                parsed, folder, "find-max", html => CapacityHtml.Write(report, html),
                json => CapacityJson.Write(report, json), junit => CapacityJunit.Write(report, junit));
            view.Conclude(report, Path.Combine(folder, "find-max.html"));
        }

        return report.ExitCode;
    }

    private static CapacityPlan PlanOf(ParseResult parsed)
    {
        var from = RateOf(parsed, _from) ?? 50;
        var range = new SearchRange(from, RateOf(parsed, _to), PrecisionOf(parsed));
        if (range.Max < from)
        {
            throw new UsageException("--to: it is less than --from.");
        }

        var step = parsed.GetValue(_step) ?? _usualStep;
        if (step < TimeSpan.FromSeconds(1))
        {
            throw new UsageException("--step: a step of less than a second says nothing.");
        }

        var given = LoadArguments.Read(parsed, Invariant($"{from:0.###}:{step.TotalSeconds:0.###}s"));
        var load = CapacityPlan.Settled(given);
        var seed = ExperimentArguments.SeedOf(parsed);
        var spelled = LoadArguments.Spell(parsed);
        var own = LoadArguments.Spell(parsed, _from, _to, _step, _precision);
        return new CapacityPlan(
            range, step, seed, load, $"chaos find-max{spelled}{own} --seed {seed}",
            $"load{spelled}{Added(given, load)}");
    }

    /// <summary>What a step has that was not asked for.</summary>
    private static string Added(Experiment given, Experiment settled)
    {
        var limits = settled.Expect.Latency.Except(given.Expect.Latency)
            .Select(limit => Invariant($" --limit {limit.Name}={limit.Limit.TotalMilliseconds:0.###}ms"));
        return string.Concat(given.Workload.Patience is null
            ? limits.Append(Invariant($" --patience {settled.Workload.Patience!.Value.TotalMilliseconds:0.###}ms"))
            : limits);
    }

    private static double? RateOf(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        var text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
            && rate is >= 0.1 and <= RateText.Highest
            ? rate
            : throw new UsageException($"{option.Name}: '{text}' is not a number of jobs a second from 0.1 to " +
                $"{RateText.Highest:0}."),
    };

    private static double PrecisionOf(ParseResult parsed) => parsed.GetValue(_precision) switch
    {
        null => 0.05,
        var text => ShareText.TryParse(text, out var share) && share is >= 0.01 and <= 0.5
            ? share
            : throw new UsageException($"--precision: '{text}' is not a share from 1% to 50%."),
    };
}
