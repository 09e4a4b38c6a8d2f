using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// Connections on which nothing has moved for a while are reset, as by a firewall; busy ones are left alone. Needs
/// a victim with such a connection. Proven when they are over and the process has connected again.
/// </summary>
internal sealed class NetIdleReset(FaultContext context, FaultArguments arguments) : Fault
{
    private readonly IReadOnlyList<AmqpProxy> _victims = arguments.Victims(context);
    private readonly TimeSpan _idle = arguments.Duration("idle");
    private AmqpProxy? _proxy;
    private List<ProxyConnection> _gone = [];

    public static FaultKind Kind { get; } = new(
        "net-idle-reset",
        "Idle connections are reset, as by a firewall that forgets them.",
        [
            NetworkTerms.Who("any"),
            FaultSetting.Duration("idle", "500ms", "For so long nothing has moved."),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetIdleReset(context, arguments));

    public override string Victim => $"the idle connections of {Proof.Members(_victims)}";

    /// <summary>The one who asks tries again.</summary>
    public override Task PrepareAsync(CancellationToken cancel) => FindIdle()
        ? Task.CompletedTask
        : throw new FaultException(
            $"No connection of {Proof.Members(_victims)} was idle for {_idle.TotalMilliseconds:0} ms.");

    public override Task InjectAsync(CancellationToken cancel)
    {
        _gone.ForEach(connection => connection.Reset());
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfReturnAsync(_proxy!, _gone, context.Clock, cancel);
        return $"{_gone.Count} idle connections were reset, and {_proxy!.Member} connected again";
    }

    private bool FindIdle()
    {
        foreach (var proxy in _victims)
        {
            _gone = [.. proxy.Connections
                .Where(connection => context.Clock.GetElapsedTime(connection.LastMoved) >= _idle)];
            if (_gone.Count > 0)
            {
                _proxy = proxy;
                return true;
            }
        }

        return false;
    }
}
