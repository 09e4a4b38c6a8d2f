using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// A worker's acks get lost on their way to the broker: it has finished jobs that the broker still holds for it, until
/// its prefetch is used up. The broker gives such a job to nobody else while the channel lives, so healing resets the
/// connections that lost acks: or these jobs would stay unacked for ever. They come again then, and are not to be run
/// again by a worker that remembers them.
/// </summary>
internal sealed class AckSwallow(FaultContext context, FaultArguments arguments) : ToxicFault(
    context, arguments.Victims(context), arguments.Duration("for"),
    () => new LostAcks(Direction.ToBroker, arguments.Number("after"), ConfirmSwallow.Count(arguments)))
{
    public static FaultKind Kind { get; } = new(
        "ack-swallow",
        "Acks of finished jobs do not reach the broker, and the jobs are delivered again.",
        [
            NetworkTerms.For("3s"), NetworkTerms.Who("worker"),
            FaultSetting.Whole("after", "0", "So many arrive before."),
            FaultSetting.Whole("count", "0", "So many are lost; 0: all."),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new AckSwallow(context, arguments));

    protected override string Effect => "acks were swallowed";

    public override async Task HealAsync(CancellationToken cancel)
    {
        var robbed = Toxics.Cast<LostAcks>().SelectMany(toxic => toxic.Robbed).ToList();
        robbed.ForEach(connection => connection.Reset());
        await base.HealAsync(cancel);
    }
}
