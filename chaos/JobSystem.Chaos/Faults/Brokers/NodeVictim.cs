namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The node that a fault is about, chosen by the setting <c>node</c>: a number, <c>any</c>, or by its part in the
/// run's quorum queue, which only the broker knows: <c>leader</c>, <c>follower</c>.
/// </summary>
internal sealed class NodeVictim
{
    private readonly FaultContext _context;
    private readonly string _choice;

    private NodeVictim(FaultContext context, string choice, int? number) =>
        (_context, _choice, Number) = (context, choice, number);

    /// <summary>Null: it is not known yet.</summary>
    public int? Number { get; private set; }

    public string Words => (Number, _choice) switch
    {
        ({ } number, "leader") => $"{_context.NodeInWords(number)}, which led {_context.Queue}",
        ({ } number, "follower") => $"{_context.NodeInWords(number)}, which followed in {_context.Queue}",
        ({ } number, _) => _context.NodeInWords(number),
        _ => $"the {_choice} of {_context.Queue}",
    };

    /// <summary>It; as long as it is not known, all nodes.</summary>
    public IReadOnlyList<int> Candidates => Number is { } number
        ? [number]
        : [.. Enumerable.Range(1, _context.Target.Nodes)];

    public static FaultSetting Setting(string standard) => new(
        "node", standard, "Which node: a number, any, or the leader or a follower of the run's quorum queue.",
        new SettingType.WordOrNumber(new SettingType.Whole(1), "any", "leader", "follower"));

    /// <exception cref="FormatException">The setting is none of these.</exception>
    public static NodeVictim Choose(FaultArguments arguments, FaultContext context)
    {
        var nodes = context.Target.Nodes;
        var choice = arguments.Choice("node");
        return new NodeVictim(context, choice, choice switch
        {
            "any" => context.Random.Next(nodes) + 1,
            "leader" or "follower" => nodes == 1 ? 1 : null,
            _ => arguments.Node("node", nodes),
        });
    }

    /// <exception cref="FaultException">The queue has no such node now.</exception>
    public async Task<int> FindAsync(CancellationToken cancel)
    {
        if (Number is not { } number)
        {
            var status = await QuorumStatus.OfAsync(_context, cancel);
            var candidates = _choice == "leader"
                ? status.Members.Where(member => member == status.Leader).ToList()
                : [.. status.Followers];
            Number = number = candidates.Count > 0
                ? candidates[_context.Random.Next(candidates.Count)].Number
                : throw new FaultException($"The queue {_context.Queue} has no {_choice} now.");
        }

        return number;
    }
}
