using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The lead of the run's quorum queue passes to a follower and nobody crashes: what an operator's rebalancing does.
/// Clients notice nothing but a pause. Proven by the broker's own word on who leads.
/// </summary>
internal sealed class LeaderMove(FaultContext context) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private string _from = "its leader";
    private string _to = "";

    public static FaultKind Kind { get; } = new(
        "leader-move",
        "The leadership of the run's quorum queue moves to another node, in order.",
        [],
        TargetPowers.Control | TargetPowers.Cluster,
        static (_, context) => new LeaderMove(context));

    public override string Victim => $"the lead of {context.Queue}";

    public override async Task InjectAsync(CancellationToken cancel)
    {
        var status = await QuorumStatus.OfAsync(context, cancel);
        if (status is not { Leader: { } leader, Followers: { Count: > 0 } followers })
        {
            throw new FaultException($"The queue {context.Queue} has no follower to lead it.");
        }

        (_from, _to) = (leader.Node, followers[context.Random.Next(followers.Count)].Node);
        var name = $"{Operator.ErlangBinary(context.VirtualHost())},queue,{Operator.ErlangBinary(context.Queue)}";
        var said = await context.Target.ControlAsync(
            leader.Number,
            [
                "eval", $"{{ok,Q}} = rabbit_amqqueue:lookup(rabbit_misc:r({name})), "
                + $"rabbit_quorum_queue:transfer_leadership(Q, binary_to_atom({Operator.ErlangBinary(_to)}, utf8)).",
            ],
            cancel);
        if (!NodeCut.Says(said))
        {
            throw new FaultException($"The broker does not pass the lead of {context.Queue}: {said}");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Evidence.SeenAsync(
        context.Clock,
        $"{_to} as the leader of {context.Queue}",
        _patience,
        async late => (await QuorumStatus.OfAsync(context, late)).Leader?.Node == _to
            ? $"{_to} leads {context.Queue} after {_from}"
            : null,
        cancel);
}
