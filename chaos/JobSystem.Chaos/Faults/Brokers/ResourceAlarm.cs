using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The broker believes that it is short of memory or of disk, and blocks every connection that publishes, in the whole
/// cluster; consumers on connections of their own go on. Heartbeats are not looked at meanwhile. Nothing is short
/// really: only the limit is moved, and put back to the standard of its version. Proven by the broker's list of alarms.
/// </summary>
internal sealed class ResourceAlarm(FaultContext context, ResourceAlarm.Resource resource, int node, TimeSpan duration)
    : Fault
{
    private const string DiskStandard = "50000000";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly Resource _disk = new(
        "disk", ["-q", "set_disk_free_limit", "100000GB"], static _ => ["-q", "set_disk_free_limit", DiskStandard]);

    internal static Resource Memory { get; } = new(
        "memory",
        ["-q", "set_vm_memory_high_watermark", "0"],
        static server => ["-q", "set_vm_memory_high_watermark", MemoryStandard(server)]);

    public static FaultKind MemoryKind { get; } = KindOf("memory-alarm", Memory);

    public static FaultKind DiskKind { get; } = KindOf("disk-alarm", _disk);

    public override string Victim => $"{context.NodeInWords(node)}: all that publish";

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Revert> Revert =>
        [context.Target.ControlToRevert(node, resource.Clear(context.Target.Version),
            $"end the {resource.Name} alarm")];

    public override Task InjectAsync(CancellationToken cancel) =>
        context.Target.ControlAsync(node, resource.Raise, cancel);

    public override Task<string> ProveAsync(CancellationToken cancel) => SeenAsync(isThere: true, cancel);

    public override async Task HealAsync(CancellationToken cancel)
    {
        await context.Target.ControlAsync(node, resource.Clear(context.Target.Version), cancel);
        await SeenAsync(isThere: false, cancel);
    }

    /// <summary>Of RabbitMQ's own, before 4.0 and since.</summary>
    internal static string MemoryStandard(Version? server) => server is { Major: < 4 } ? "0.4" : "0.6";

    internal static bool Lists(string alarms, string resource) =>
        alarms.Contains($"resource_limit,{resource},", StringComparison.Ordinal);

    private static FaultKind KindOf(string name, Resource resource) => new(
        name,
        $"The broker raises its {resource.Name} alarm: publishers are blocked, consumers go on.",
        [
            FaultSetting.Duration("for", "5s", "How long."),
            new FaultSetting(
                "node", "any", "Which node: a number, or any.",
                new SettingType.WordOrNumber(new SettingType.Whole(1), "any")),
        ],
        TargetPowers.Control,
        (arguments, context) =>
            new ResourceAlarm(context, resource, NodeOf(arguments, context), arguments.Duration("for")));

    private static int NodeOf(FaultArguments arguments, FaultContext context) => arguments.Choice("node") is not "any"
        ? arguments.Node("node", context.Target.Nodes)
        : context.Random.Next(context.Target.Nodes) + 1;

    private Task<string> SeenAsync(bool isThere, CancellationToken cancel) => Evidence.SeenAsync(
        context.Clock,
        $"the {resource.Name} alarm {(isThere ? "on" : "off")}",
        _patience,
        async late => Lists(await context.Target.ControlAsync(node, ["eval", "rabbit_alarm:get_alarms()."], late),
            resource.Name) == isThere
                ? $"the broker {(isThere ? "lists" : "does not list")} the {resource.Name} alarm"
                : null,
        cancel);

    /// <param name="Name">As alarms call it.</param>
    /// <param name="Raise">The command.</param>
    /// <param name="Clear">The command, for a version of the server.</param>
    internal sealed record Resource(string Name, string[] Raise, Func<Version?, string[]> Clear);
}
