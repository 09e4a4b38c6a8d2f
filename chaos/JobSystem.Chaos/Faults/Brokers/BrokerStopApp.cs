using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// <c>rabbitmqctl stop_app</c> and <c>start_app</c>: RabbitMQ ends inside its runtime, which goes on; the port closes
/// without the process going. Proven by its silence.
/// </summary>
internal sealed class BrokerStopApp(FaultContext context, NodeVictim victim, TimeSpan down)
    : NodeFault(context, victim, down)
{
    public static FaultKind Kind { get; } = new(
        "broker-stop-app",
        "The broker is stopped inside its runtime (rabbitmqctl stop_app) and started again.",
        [FaultSetting.Duration("down", "2s", "How long it stays down."), NodeVictim.Setting("any")],
        TargetPowers.Control,
        static (arguments, context) =>
            new BrokerStopApp(context, NodeVictim.Choose(arguments, context), arguments.Duration("down")));

    public override IReadOnlyList<Revert> Revert => [.. base.Revert, .. Candidates.Select(StartApp)];

    protected override Task BreakAsync(int node, CancellationToken cancel) =>
        Target.ControlAsync(node, ["-q", "stop_app"], cancel);

    protected override Task MendAsync(int node, CancellationToken cancel) =>
        Target.ControlAsync(node, ["-q", "start_app"], cancel);

    private Revert StartApp(int node) =>
        Target.ControlToRevert(node, ["-q", "start_app"], "start the broker's application");
}
