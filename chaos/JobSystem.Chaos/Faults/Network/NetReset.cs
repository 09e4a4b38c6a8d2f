using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// All connections of a process break now, also those on which nothing moves: by a TCP reset, or as if both sides had
/// hung up. Proven when they are over and the process has connected again.
/// </summary>
internal sealed class NetReset(FaultContext context, FaultArguments arguments) : Fault
{
    private readonly IReadOnlyList<AmqpProxy> _victims = arguments.Victims(context);
    private readonly bool _isOrderly = arguments.Choice("how") == "close";
    private readonly List<(AmqpProxy Proxy, IReadOnlyList<ProxyConnection> Gone)> _broken = [];

    public static FaultKind Kind { get; } = new(
        "net-reset",
        "All connections of a process break, as by a router that has forgotten them.",
        [
            NetworkTerms.Who("any"),
            FaultSetting.Choice(
                "how", "reset", "reset: by a TCP reset; close: as if both sides had hung up.", "reset", "close"),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetReset(context, arguments));

    public override string Victim => $"the connections of {Proof.Members(_victims)}";

    public override Task InjectAsync(CancellationToken cancel)
    {
        foreach (var proxy in _victims.Where(proxy => proxy.Connections.Count > 0))
        {
            var connections = proxy.Connections;
            _broken.Add((proxy, connections));
            foreach (var connection in connections)
            {
                if (_isOrderly)
                {
                    connection.Close();
                }
                else
                {
                    connection.Reset();
                }
            }
        }

        return _broken.Count > 0
            ? Task.CompletedTask
            : throw new FaultException($"{Proof.Members(_victims)} had no connection that could break.");
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        foreach (var (proxy, gone) in _broken)
        {
            await Proof.OfReturnAsync(proxy, gone, context.Clock, cancel);
        }

        return $"{_broken.Sum(each => each.Gone.Count)} connections broke, and " +
            $"{Proof.Members(_broken.Select(each => each.Proxy))} connected again";
    }
}
