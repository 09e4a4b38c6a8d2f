using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// One consumer is cancelled, and either side believes that the other did it: the broker gets a <c>basic.cancel</c>,
/// and its <c>cancel-ok</c>, after which it delivers no more, turns into a <c>basic.cancel</c> for the client. Goes
/// then.
/// </summary>
internal sealed class ConsumerCancellation(ProxyConnection connection, ushort channel, string tag)
    : Toxic(Direction.ToClient)
{
    private volatile bool _isAwaited;

    public override ProxyConnection Only => connection;

    /// <summary>Cancels at the broker; the toxic is added before. False: the channel is not there any more.</summary>
    public bool TryBegin() => connection.ToBroker.FrameGate.TryInject(
        channel, AmqpBytes.BasicCancel(channel, tag, noWait: false), () => _isAwaited = true);

    public override Fate Judge(FrameGate gate, in AmqpFrame frame)
    {
        if (!_isAwaited || frame.Channel != channel || frame.Method != AmqpMethod.BasicCancelOk
            || new AmqpArguments(frame.Arguments).ShortText() != tag)
        {
            return Fate.Pass;
        }

        Touch(1);
        connection.Proxy.Remove(this);
        return Fate.Replace(AmqpBytes.BasicCancel(channel, tag, noWait: true));
    }
}
