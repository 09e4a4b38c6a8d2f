using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Reverting;
using JobSystem.Cli.Arguments;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// Every node is stopped in order and started again, one after the other: what an upgrade does. The next one is not
/// touched before all members of the run's queue have come back, so a majority is there all the time. The whole round
/// is the injection; it is proven by the silence of each node in its turn.
/// </summary>
internal sealed class RollingRestart(FaultContext lab, TimeSpan pause) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly List<string> _seen = [];

    public static FaultKind Kind { get; } = new(
        "rolling-restart",
        "Every node is restarted in order, one after the other.",
        [FaultSetting.Duration("pause", "2s", "From one node's return to the next one's stop.")],
        TargetPowers.Restart,
        static (arguments, lab) => new RollingRestart(lab, arguments.Duration("pause")));

    public override string Victim => lab.Target.Nodes > 1 ? $"all {lab.Target.Nodes} nodes in turn" : "the broker";

    public override IReadOnlyList<Revert> Revert => [.. Nodes.SelectMany(lab.Target.Recover)];

    private IEnumerable<int> Nodes => Enumerable.Range(1, lab.Target.Nodes);

    public override async Task InjectAsync(CancellationToken cancel)
    {
        foreach (var node in Nodes)
        {
            if (node > 1)
            {
                await Task.Delay(pause, lab.Clock, cancel);
            }

            var began = lab.Clock.GetTimestamp();
            await lab.Target.StopAsync(node, cancel);
            await Evidence.OfSilenceAsync(lab, node, cancel);
            await lab.Target.StartAsync(node, cancel);
            await WholeAsync(cancel);
            _seen.Add($"{lab.NodeInWords(node)} was away for {DurationText.Format(lab.Clock.GetElapsedTime(began))}");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Task.FromResult(string.Join("; ", _seen));

    public override async Task HealAsync(CancellationToken cancel)
    {
        foreach (var node in Nodes)
        {
            await lab.Target.StartAsync(node, cancel);
        }
    }

    private async Task WholeAsync(CancellationToken cancel)
    {
        if (lab.Target.Nodes > 1)
        {
            await Evidence.SeenAsync(
                lab.Clock,
                $"every member of {lab.Queue}",
                _patience,
                async late => await QuorumStatus.OfAsync(lab, late) is { IsWhole: true } whole ? whole : null,
                cancel);
        }
    }
}
