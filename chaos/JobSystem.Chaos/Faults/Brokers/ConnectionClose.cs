using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The operator closes connections of the run's virtual host, one or many or all: their clients are told 320
/// CONNECTION_FORCED and what they held is redelivered. Over as soon as it has happened. Proven by the broker's own
/// list, in which none of them stands any more.
/// </summary>
internal sealed class ConnectionClose(FaultContext context, int most) : Fault
{
    private const string Reason = "chaos: closed by the operator";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private IReadOnlyList<string> _closed = [];

    public static FaultKind Kind { get; } = new(
        "connection-close",
        "The operator closes connections: one, a number of them, or all at once.",
        [
            new FaultSetting(
                "who", "one", "one, all, or how many; drawn among those that are open then.",
                new SettingType.WordOrNumber(new SettingType.Whole(1), "one", "all")),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) => new ConnectionClose(context, MaxOf(arguments)));

    public override string Victim => most switch
    {
        1 => "one connection",
        int.MaxValue => "all connections",
        _ => $"{most} connections",
    };

    public override async Task InjectAsync(CancellationToken cancel)
    {
        var open = await ListAsync(cancel);
        if (open.Count == 0)
        {
            throw new FaultException("No connection is open that could be closed.");
        }

        var victims = open.ToArray();
        context.Random.Shuffle(victims);
        _closed = [.. victims.Take(most)];
        if (_closed.Count == open.Count)
        {
            await context.CloseConnectionsAsync(Reason, cancel);
            return;
        }

        foreach (var pid in _closed)
        {
            await context.ControlAnyAsync(["-q", "close_connection", pid, Reason], cancel);
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Evidence.SeenAsync(
        context.Clock,
        $"the end of {_closed.Count} connections",
        _patience,
        async late => (await ListAsync(late)).Intersect(_closed).Any() ? null : $"{_closed.Count} connections are gone",
        cancel);

    /// <summary>The Erlang processes of the connections to a virtual host.</summary>
    internal static IReadOnlyList<string> Parse(string rows, string virtualHost) =>
        [.. QueueRows.In(rows).Where(row => row.Length == 2 && row[1] == virtualHost).Select(row => row[0])];

    private static int MaxOf(FaultArguments arguments) => arguments.Text("who") switch
    {
        "one" => 1,
        "all" => int.MaxValue,
        _ => arguments.Number("who"),
    };

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel) => Parse(
        await context.ControlAnyAsync(["-q", "list_connections", "pid", "vhost", "--no-table-headers"], cancel),
        context.VirtualHost());
}
