using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// One channel is closed under the hands of its owner, as by a broker that found a mistake on it; the connection and
/// its other channels live on. The words are those that a broker has for it: a consumer's channel took too long to ack,
/// any other met an internal error; a word that blames a publish would be a lie that no broker tells. Proven when the
/// client has answered and has opened a channel again.
/// </summary>
internal sealed class ChannelClose(FaultContext context, FaultArguments arguments) : Fault
{
    private readonly AmqpProxy _victim = arguments.Victim(context);
    private ChannelClosure? _closure;
    private string _channel = "a channel";
    private long _opened;

    public static FaultKind Kind { get; } = new(
        "channel-close",
        "One channel is closed; its connection stays.",
        [NetworkTerms.WhoOne("any")],
        TargetPowers.Amqp,
        static (arguments, context) => new ChannelClose(context, arguments));

    public override string Victim => $"{_channel} of {_victim.Member}";

    /// <summary>Who comes back has its connection before its channels: the one who asks tries again.</summary>
    public override Task PrepareAsync(CancellationToken cancel) =>
        _victim.Connections.Any(connection => connection.Book.Channels.Count > 0)
            ? Task.CompletedTask
            : throw new FaultException($"{_victim.Member} has no channel open.");

    public override Task InjectAsync(CancellationToken cancel)
    {
        var open = _victim.Connections
            .SelectMany(connection => connection.Book.Channels.Select(channel => (connection, channel)))
            .ToList();
        if (open.Count == 0)
        {
            throw new FaultException($"{_victim.Member} has no channel open.");
        }

        var (connection, channel) = open[context.Random.Next(open.Count)];
        _channel = $"channel {channel} of connection {connection.Number}";
        _opened = Opened();
        var (code, reason) = connection.Book.Consumers.Any(consumer => consumer.Channel == channel)
            ? ((ushort)406, $"PRECONDITION_FAILED - delivery acknowledgement on channel {channel} timed out")
            : ((ushort)541, "INTERNAL_ERROR");
        _closure = new ChannelClosure(connection, channel, code, reason);
        _victim.Add(_closure);
        if (!_closure.TryBegin())
        {
            _victim.Remove(_closure);
            throw new FaultException($"{Victim} had gone before it could be closed.");
        }

        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfAsync(_closure!.Took, $"{Victim} was not given up", context.Clock, cancel);
        await Proof.OfAsync(
            _victim, () => Opened() > _opened, $"{_victim.Member} opened no other", context.Clock, cancel);
        return $"{_channel} was given up and another one opened";
    }

    private long Opened() => _victim.Counters(Direction.ToClient).Total.Channels;
}
