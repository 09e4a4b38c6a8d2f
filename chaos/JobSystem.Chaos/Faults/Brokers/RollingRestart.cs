using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// Every node is stopped in order and started again, one after the other: what an upgrade does. The next one is not
/// touched before all members of the run's queue have come back, so a majority is there all the time. The whole round
/// is the injection; it is proven by the silence of each node in its turn.
/// </summary>
internal sealed class RollingRestart(FaultContext context, TimeSpan pause) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly List<string> _seen = [];

    public static FaultKind Kind { get; } = new(
        "rolling-restart",
        "Every node is restarted in order, one after the other.",
        [FaultSetting.Duration("pause", "2s", "From one node's return to the next one's stop.")],
        TargetPowers.Restart,
        static (arguments, context) => new RollingRestart(context, arguments.Duration("pause")));

    public override string Victim =>
        context.Target.Nodes > 1 ? $"all {context.Target.Nodes} nodes in turn" : "the broker";

    public override IReadOnlyList<Revert> Revert => [.. Nodes.SelectMany(context.Target.Recover)];

    private IEnumerable<int> Nodes => Enumerable.Range(1, context.Target.Nodes);

    public override async Task InjectAsync(CancellationToken cancel)
    {
        foreach (var node in Nodes)
        {
            if (node > 1)
            {
                await Task.Delay(pause, context.Clock, cancel);
            }

            var began = context.Clock.GetTimestamp();
            await context.Target.StopAsync(node, cancel);
            await Evidence.OfSilenceAsync(context, node, cancel);
            await context.Target.StartAsync(node, cancel);
            await WholeAsync(cancel);
            var away = DurationText.Format(context.Clock.GetElapsedTime(began));
            _seen.Add($"{context.NodeInWords(node)} was away for {away}");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Task.FromResult(string.Join("; ", _seen));

    public override async Task HealAsync(CancellationToken cancel)
    {
        foreach (var node in Nodes)
        {
            await context.Target.StartAsync(node, cancel);
        }
    }

    private async Task WholeAsync(CancellationToken cancel)
    {
        if (context.Target.Nodes > 1)
        {
            await Evidence.SeenAsync(
                context.Clock,
                $"every member of {context.Queue}",
                _patience,
                async late => await QuorumStatus.OfAsync(context, late) is { IsWhole: true } whole ? whole : null,
                cancel);
        }
    }
}
