using System.Globalization;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Texts;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Texts;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Experiments;

/// <summary>
/// Every setting of an experiment: what it may be, and what it is in one. A test holds it against the schema, so no
/// setting is missing here. Pure.
/// </summary>
internal static class SettingSheet
{
    private static readonly string _duration = new SettingType.Duration().Expected;
    private static readonly string _classes = OneOf(Enum.GetNames<FindingKind>().Select(KebabCase.Of));

    /// <summary>In the order of the schema; faults, which have settings of their own, are not here.</summary>
    public static IReadOnlyList<SheetRow> Rows { get; } =
    [
        new("name", "small letters, digits, single dashes; at most 100", each => each.Name),
        new("about", "text", each => each.About),
        new("target", $"{OneOf(TargetCatalog.Names)}, or an amqp:// or amqps:// URI", each => each.Target),
        new("vars", "names with their defaults", _ => ""),
        new("fleet.workers", Whole(1, 256), each => Of(each.Fleet.Workers)),
        new("fleet.producers", Whole(1, 256), each => Of(each.Fleet.Producers)),
        new("fleet.concurrency", Whole(1, ushort.MaxValue), each => Of(each.Fleet.Concurrency)),
        new("fleet.respawn", _duration, each => Of(each.Fleet.Respawn)),
        new("fleet.drain", _duration, each => Of(each.Fleet.Drain)),
        new("fleet.heartbeat", _duration, each => Of(each.Fleet.Heartbeat)),
        new("fleet.proxy", "true or false", each => Of(each.Fleet.Proxy)),
        new("workload.jobs", Whole(1), each => Of(each.Workload.Jobs)),
        new("workload.rate", RateText.Expected, each => $"{each.Workload.Rate}"),
        new("workload.window", Whole(1, 1_000_000), each => Of(each.Workload.Window)),
        new("workload.payload", DistributionText.ExpectedSize, each => KindsOf(each, kind => kind.Payload, "")),
        new("workload.work", DistributionText.ExpectedDuration, each => KindsOf(each, kind => kind.Work, "ms")),
        new("workload.timeout", _duration, each => Of(each.Workload.Timeout)),
        new("workload.deadline", _duration, each => Of(each.Workload.Deadline)),
        new("workload.attempts", Whole(1, 1_000_000), each => Of(each.Workload.Attempts)),
        new("workload.arrivals", "one of even, poisson", each => each.Workload.Poisson ? "poisson" : "even"),
        new("workload.patience", _duration, each => Of(each.Workload.Patience)),
        new("workload.mix",
            $"{OneOf(JobClass.Known.Select(kind => kind.Name))}, or others with work and payload; each with its weight",
            each => string.Join(", ", each.Workload.Mix.Select(kind => $"{kind.Name}: {Of(kind.Weight)}"))),
        new("workload.queues", "names, each with its weight",
            each => string.Join(", ", each.Workload.Queues.Select(queue => $"{queue.Name}: {Of(queue.Weight)}"))),
        new("queue.type", "one of system, quorum, classic", each => each.Queue.Type),
        new("queue.durable", "true or false", each => Of(each.Queue.Durable)),
        new("queue.delivery-limit", Whole(1), each => Of(each.Queue.DeliveryLimit)),
        new("subject.worker", "one of jobsystem, plain", each => each.SystemUnderTest.Worker),
        new("subject.producer", "one of jobsystem, plain", each => each.SystemUnderTest.Producer),
        new("subject.ack", "one of after, before, auto", each => each.SystemUnderTest.Ack),
        new("subject.prefetch", Whole(0, ushort.MaxValue), each => Of(each.SystemUnderTest.Prefetch)),
        new("subject.confirms", "true or false", each => Of(each.SystemUnderTest.Confirms)),
        new("subject.mandatory", "true or false", each => Of(each.SystemUnderTest.Mandatory)),
        new("subject.persistent", "true or false", each => Of(each.SystemUnderTest.Persistent)),
        new("subject.mutant",
            OneOf(MutantCatalog.All.Select(mutant => mutant.Name).Prepend(ExperimentReader.NoMutant)),
            each => each.SystemUnderTest.Mutant ?? ExperimentReader.NoMutant),
        new("nemesis.at", _duration, each => Of(each.Nemesis?.At)),
        new("nemesis.every", _duration, each => Of(each.Nemesis?.Every)),
        new("nemesis.times", Whole(1, 25_600), each => Of(each.Nemesis?.Times)),
        new("steady.backlog", Whole(0), each => Of(each.Steady.Backlog)),
        new("steady.silence", _duration, each => Of(each.Steady.Silence)),
        new("expect.min-confirmed", Whole(0), each => Of(each.Expect.MinConfirmed)),
        new("expect.dead-letters", $"any, or some of {string.Join(", ", ExpectationReader.Reasons)}",
            each => string.Join(", ", each.Expect.DeadLetters)),
        new("expect.duplicates", ShareText.Expected, each => Of(each.Expect.Duplicates)),
        new("expect.unconfirmed", ShareText.Expected, each => Of(each.Expect.Unconfirmed)),
        new("expect.soak", "true or false", each => Of(each.Expect.Soak)),
        new("expect.recovery", "a kind of fault: detected, redelivery, confirm, finished or drained, a duration each",
            each => string.Join(", ", each.Expect.Recovery.Select(
                plan => $"{plan.Fault} {plan.Stage}: {Of(plan.Limit)}"))),
        new("expect.failure", _classes, each => each.Expect.Failure ?? ""),
        new("expect.beside", _classes, each => string.Join(", ", each.Expect.Beside)),
        new("expect.latency", $"{LatencyLimit.Expected}, a duration each",
            each => string.Join(", ", each.Expect.Latency.Select(limit => $"{limit.Name}: {Of(limit.Limit)}"))),
    ];

    /// <summary>An experiment whose file says nothing but its name.</summary>
    public static Experiment Usual { get; } = new() { Name = "", About = "", Nemesis = new() { Faults = [] } };

    private static string Whole(int least, int most = int.MaxValue) => most == int.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"a whole number, {least} or more")
        : new SettingType.Whole(least, most).Expected;

    private static string OneOf(IEnumerable<string> words) => $"one of {string.Join(", ", words)}";

    private static string KindsOf(Experiment experiment, Func<JobClass, Distribution> of, string unit) =>
        string.Join(", ", experiment.Workload.Mix.Select(kind => DistributionText.Format(of(kind), unit)).Distinct());

    private static string Of(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Of(double? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Of(bool flag) => flag ? "true" : "false";

    private static string Of(TimeSpan? time) => time is { } known ? DurationText.Format(known) : "";
}

/// <summary>One setting of an experiment.</summary>
/// <param name="Path">Of its keys, with dots.</param>
/// <param name="Allowed">What it may be, in words.</param>
/// <param name="ValueOf">What it is, as text; empty: nothing.</param>
internal sealed record SheetRow(string Path, string Allowed, Func<Experiment, string> ValueOf)
{
    /// <summary>What it is where a file does not say it; empty: nothing.</summary>
    public string Default => ValueOf(SettingSheet.Usual);
}
