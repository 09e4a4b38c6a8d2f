using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// A connection breaks in the middle of a frame: the next one of the kind arrives in part, at a byte that the seed
/// chooses. Proven when it was cut.
/// </summary>
internal sealed class NetCutFrame(FaultContext context, FaultArguments arguments) : Fault
{
    // Only workers get deliveries; of a worker's publishes there may be none.
    private readonly AmqpProxy _victim = arguments.Victim(context, any: arguments.Text("frame") switch
    {
        "deliver" => "worker",
        "publish" => "producer",
        _ => "any",
    });

    private readonly FrameCut _cut = new(
        arguments.Direction(),
        arguments.Choice("frame") switch
        {
            "deliver" => FrameKind.Deliver,
            "publish" => FrameKind.Publish,
            "ack" => FrameKind.Ack,
            "header" => FrameKind.Header,
            "body" => FrameKind.Body,
            _ => FrameKind.Any,
        });

    public static FaultKind Kind { get; } = new(
        "net-cut-frame",
        "A connection is reset in the middle of a frame.",
        [
            NetworkTerms.WhoOne("any"), NetworkTerms.Towards("both"),
            FaultSetting.Choice(
                "frame", "any", "Which frame: any, deliver, publish, ack, header or body.",
                "any", "deliver", "publish", "ack", "header", "body"),
        ],
        TargetPowers.Amqp,
        static (arguments, context) => new NetCutFrame(context, arguments));

    public override string Victim => $"a frame of {_victim.Member}";

    public override Task InjectAsync(CancellationToken cancel)
    {
        _victim.Add(_cut);
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfTrafficAsync(_cut.Took, $"No such frame of {_victim.Member} came by", context.Clock, cancel);
        return $"{_cut.Cut.Kept} of {_cut.Cut.Length} bytes of a frame arrived, then a reset";
    }

    public override Task HealAsync(CancellationToken cancel)
    {
        _victim.Remove(_cut);
        return Task.CompletedTask;
    }
}
