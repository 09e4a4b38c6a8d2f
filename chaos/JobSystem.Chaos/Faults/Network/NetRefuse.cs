using System.Net;
using System.Net.Sockets;
using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// The broker cannot be reached: connections are reset, and whoever connects is refused, or taken and left in silence
/// (a handshake that never begins). Proven by a connection of ours that is refused, or by one of theirs in silence.
/// </summary>
internal sealed class NetRefuse(FaultContext context, FaultArguments arguments) : Fault
{
    private readonly IReadOnlyList<AmqpProxy> _victims = arguments.Victims(context);
    private readonly TimeSpan _duration = arguments.Duration("for");

    private readonly BadEntrance _entrance = new(
        arguments.Choice("how") == "silent" ? Entrance.Silent : Entrance.Refused);

    private int _reset;

    public static FaultKind Kind { get; } = new(
        "net-refuse",
        "A process loses its connections and cannot open new ones for a while.",
        [
            NetworkTerms.For("3s"), NetworkTerms.Who("any"),
            FaultSetting.Choice(
                "how", "refused", "refused: nobody listens; silent: taken, and never answered.", "refused", "silent"),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetRefuse(context, arguments));

    public override string Victim => $"the connections of {Proof.Members(_victims)}";

    public override TimeSpan Duration => _duration;

    public override Task InjectAsync(CancellationToken cancel)
    {
        foreach (var proxy in _victims)
        {
            proxy.Add(_entrance);
            foreach (var connection in proxy.Connections)
            {
                connection.Reset();
                _reset++;
            }
        }

        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        if (_entrance.Entrance == Entrance.Silent)
        {
            await Proof.OfTrafficAsync(_entrance.Took, "Nobody tried to connect", context.Clock, cancel);
            return $"{_reset} connections were reset; who connects is left in silence";
        }

        foreach (var port in _victims.SelectMany(proxy => proxy.Ports))
        {
            await ProveRefusalAsync(port, cancel);
        }

        return $"{_reset} connections were reset; who connects is refused";
    }

    public override Task HealAsync(CancellationToken cancel)
    {
        foreach (var proxy in _victims)
        {
            proxy.Remove(_entrance);
        }

        return Task.CompletedTask;
    }

    private static async Task ProveRefusalAsync(int port, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return;
        }

        throw new FaultException($"A connection to port {port} was not refused.");
    }
}
