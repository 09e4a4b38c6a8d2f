using JobSystem.Chaos.Proxies;
using JobSystem.Chaos.Proxies.Links;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// Connections on which nothing has moved for a while are reset, as by a firewall; busy ones are left alone. Waits up
/// to 10 s for one of its victims to have such a connection. Proven when they are over and the process has connected
/// again.
/// </summary>
internal sealed class NetIdleReset(Lab lab, FaultArguments arguments) : Fault
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<AmqpProxy> _victims = arguments.Victims(lab);
    private readonly TimeSpan _idle = arguments.Duration("idle");
    private AmqpProxy? _proxy;
    private List<ProxyConnection> _gone = [];

    public static FaultKind Kind { get; } = new(
        "net-idle-reset",
        "Connections on which nothing moves are reset, as by a firewall that forgets them.",
        [
            NetworkTerms.Who("any"),
            new FaultSetting("idle", "500ms", "For so long nothing has moved."),
        ],
        TargetPowers.Amqp,
        static (arguments, lab) => new NetIdleReset(lab, arguments));

    public override string Victim => $"the idle connections of {Proof.Seats(_victims)}";

    public override async Task InjectAsync(CancellationToken cancel)
    {
        var began = lab.Clock.GetTimestamp();
        while (!FindIdle())
        {
            if (lab.Clock.GetElapsedTime(began) > _deadline)
            {
                throw new FaultException(
                    $"No connection of {Proof.Seats(_victims)} was idle for {_idle.TotalMilliseconds:0} ms.");
            }

            await Task.Delay(_idle / 10, lab.Clock, cancel);
        }

        _gone.ForEach(connection => connection.Reset());
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfReturnAsync(_proxy!, _gone, lab.Clock, cancel);
        return $"{_gone.Count} idle connections were reset, and {_proxy!.Seat} connected again";
    }

    private bool FindIdle()
    {
        foreach (var proxy in _victims)
        {
            _gone = [.. proxy.Connections
                .Where(connection => lab.Clock.GetElapsedTime(connection.LastMoved) >= _idle)];
            if (_gone.Count > 0)
            {
                _proxy = proxy;
                return true;
            }
        }

        return false;
    }
}
