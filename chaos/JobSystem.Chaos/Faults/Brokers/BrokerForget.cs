using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The broker dies and a new one takes its place without its volume, as a container that is created again where nobody
/// had thought of one: what was confirmed is gone, and no client can do anything about it. For controls. Proven by the
/// new broker, which knows nothing of the run's queue.
/// </summary>
internal sealed class BrokerForget(FaultContext context) : Fault
{
    public static FaultKind Kind { get; } = new(
        "broker-forget",
        "The broker is replaced by a new one without the old one's data.",
        [],
        TargetPowers.Kill,
        static (_, context) => new BrokerForget(context));

    public override string Victim => $"the data of {context.Target.Description}";

    public override IReadOnlyList<Revert> Revert => context.Target.Recover(1);

    public override Task InjectAsync(CancellationToken cancel) => context.Target.ForgetAsync(cancel);

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        var queues = await context.Target.ControlAsync(
            1, ["-q", "list_queues", "-p", context.VirtualHost(), "name", "--no-table-headers"], cancel);
        return queues.Length == 0
            ? "the new broker has no queue"
            : $"the new broker has only what was declared since: {queues.ReplaceLineEndings(", ")}";
    }
}
