using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The lead of the run's quorum queue passes to a follower and nobody crashes: what an operator's rebalancing does.
/// Clients notice nothing but a pause. Proven by the broker's own word on who leads.
/// </summary>
internal sealed class LeaderMove(FaultContext lab) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private string _from = "its leader";
    private string _to = "";

    public static FaultKind Kind { get; } = new(
        "leader-move",
        "The leadership of the run's quorum queue moves to another node, in order.",
        [],
        TargetPowers.Control | TargetPowers.Cluster,
        static (_, lab) => new LeaderMove(lab));

    public override string Victim => $"the lead of {lab.Queue}";

    public override async Task InjectAsync(CancellationToken cancel)
    {
        var status = await QuorumStatus.OfAsync(lab, cancel);
        if (status is not { Leader: { } leader, Followers: { Count: > 0 } followers })
        {
            throw new FaultException($"The queue {lab.Queue} has no follower to lead it.");
        }

        (_from, _to) = (leader.Node, followers[lab.Random.Next(followers.Count)].Node);
        var name = $"{Operator.ErlangBinary(lab.VirtualHost())},queue,{Operator.ErlangBinary(lab.Queue)}";
        var said = await lab.Target.ControlAsync(
            leader.Number,
            [
                "eval", $"{{ok,Q}} = rabbit_amqqueue:lookup(rabbit_misc:r({name})), "
                + $"rabbit_quorum_queue:transfer_leadership(Q, binary_to_atom({Operator.ErlangBinary(_to)}, utf8)).",
            ],
            cancel);
        if (!NodeCut.Says(said))
        {
            throw new FaultException($"The broker does not pass the lead of {lab.Queue}: {said}");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Evidence.SeenAsync(
        lab.Clock,
        $"{_to} as the leader of {lab.Queue}",
        _patience,
        async late => (await QuorumStatus.OfAsync(lab, late)).Leader?.Node == _to
            ? $"{_to} leads {lab.Queue} after {_from}"
            : null,
        cancel);
}
