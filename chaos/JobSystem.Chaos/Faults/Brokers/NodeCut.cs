using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// One node of a cluster and the others reach each other no more, without a word: no reset, no refusal. Clients still
/// reach all of them, so those of the cut-off node talk to a broker that can confirm nothing. Proven from both sides:
/// another node cannot connect to it, and it answers AMQP itself. Healed when they can connect again; that the queue's
/// members find each other takes as long again as the cut lasted, at most.
/// </summary>
internal sealed class NodeCut(FaultContext context, NodeVictim victim, TimeSpan duration)
    : NodeFault(context, victim, duration)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static FaultKind Kind { get; } = new(
        "node-cut",
        "One node of a cluster is cut off from the others while clients still reach it, and joined again.",
        [
            FaultSetting.Duration("for", "20s", "How long. The others elect a new leader after some 8 s."),
            NodeVictim.Setting("leader"),
        ],
        TargetPowers.Cluster,
        static (arguments, context) =>
            new NodeCut(context, NodeVictim.Choose(arguments, context), arguments.Duration("for")));

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        var other = await ReachedAsync(isReached: false, cancel);
        var answer = await Evidence.OfAnswerAsync(FaultContext, Node, cancel);
        return $"node {other} cannot connect to node {Node}; {answer}";
    }

    protected override Task BreakAsync(int node, CancellationToken cancel) => Target.CutAsync(node, cancel);

    protected override async Task MendAsync(int node, CancellationToken cancel)
    {
        await Target.JoinAsync(node, cancel);
        await ReachedAsync(isReached: true, cancel);
    }

    /// <summary>Asks another node, which opens a connection of its own to the victim's port for nodes.</summary>
    private Task<string> ReachedAsync(bool isReached, CancellationToken cancel)
    {
        var other = (Node % Target.Nodes) + 1;
        return Evidence.SeenAsync(
            FaultContext.Clock,
            $"node {Node} {(isReached ? "within" : "out of")} reach of node {other}",
            _patience,
            async late => Says(await Target.ControlAsync(other, ["eval", Connect(Node)], late)) == isReached
                ? $"{other}"
                : null,
            cancel);
    }

    internal static bool Says(string output) => output.StartsWith("{ok,", StringComparison.Ordinal);

    /// <summary>In Erlang: of all members the one with this number at the end of its name.</summary>
    private static string Connect(int node) =>
        "[Host] = [H || N <- rabbit_nodes:list_members(), [_, H] <- [string:split(atom_to_list(N), \"@\")], "
        + $"lists:last(H) =:= $0 + {node}], gen_tcp:connect(Host, 25672, [], 1000).";
}
