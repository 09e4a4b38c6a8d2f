using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// One channel is closed, and either side believes that the other did it. In three steps: the broker is sent a
/// <c>channel.close</c>, and from then on nothing of the client goes through on this channel; the broker's
/// <c>close-ok</c> turns into a <c>channel.close</c> for the client; the client's <c>close-ok</c> is the last that is
/// swallowed, and the channel may be opened again. So no frame of the old channel meets the new one. Where one side
/// closes the channel itself at the same moment it gets the answer that it waits for. Goes when all have theirs.
/// </summary>
internal sealed class ChannelClosure(ProxyConnection connection, ushort channel, ushort code, string reason)
    : Toxic(Direction.Both)
{
    private readonly Lock _gate = new();
    private Stage _stage = Stage.New;
    private bool _brokerClosedToo;
    private bool _brokerMustAnswer;

    private enum Stage
    {
        New,

        /// <summary>The broker was told.</summary>
        BrokerTold,

        /// <summary>The client was told.</summary>
        ClientTold,

        /// <summary>The client closes it itself, and gets the broker's answer to us.</summary>
        ClientClosed,
        Over,
    }

    public override ProxyConnection Only => connection;

    /// <summary>Sends the first close; the toxic is added before. False: the channel is not there any more.</summary>
    public bool TryBegin() => connection.ToBroker.FrameGate.TryInject(
        channel, AmqpBytes.ChannelClose(channel, 200, "Goodbye"), Begun);

    public override Fate Judge(FrameGate gate, in AmqpFrame frame)
    {
        if (frame.Channel != channel || frame.Type == FrameType.Protocol)
        {
            return Fate.Pass;
        }

        var mustAnswer = false;
        var fate = gate.Direction == Direction.ToClient
            ? JudgeBroker(frame.Method)
            : JudgeClient(frame.Method, out mustAnswer);
        if (mustAnswer)
        {
            connection.ToClient.FrameGate.TryInject(channel, AmqpBytes.ChannelCloseOk(channel));
        }

        if (IsOver())
        {
            connection.Proxy.Remove(this);
        }

        return fate;
    }

    private void Begun()
    {
        lock (_gate)
        {
            (_stage, _brokerMustAnswer) = (Stage.BrokerTold, true);
        }
    }

    private bool IsOver()
    {
        lock (_gate)
        {
            return _stage == Stage.Over && !_brokerMustAnswer;
        }
    }

    private Fate JudgeClient(AmqpMethod method, out bool mustAnswer)
    {
        mustAnswer = false;
        lock (_gate)
        {
            switch (_stage, method)
            {
                case (Stage.BrokerTold, AmqpMethod.ChannelClose):
                    _stage = Stage.ClientClosed;
                    return Fate.Swallow;
                case (Stage.ClientTold, AmqpMethod.ChannelClose):
                    mustAnswer = true;
                    return Fate.Swallow;
                case (Stage.ClientTold, AmqpMethod.ChannelCloseOk):
                    _stage = Stage.Over;
                    Touch(1);
                    return _brokerClosedToo ? Fate.Pass : Fate.Swallow;
                default:
                    return _stage is Stage.New or Stage.Over ? Fate.Pass : Fate.Swallow;
            }
        }
    }

    private Fate JudgeBroker(AmqpMethod method)
    {
        lock (_gate)
        {
            switch (_stage, method)
            {
                case (Stage.BrokerTold, AmqpMethod.ChannelClose):
                    (_stage, _brokerClosedToo) = (Stage.ClientTold, true);
                    return Fate.Pass;
                case (Stage.BrokerTold, AmqpMethod.ChannelCloseOk):
                    (_stage, _brokerMustAnswer) = (Stage.ClientTold, false);
                    return Fate.Replace(AmqpBytes.ChannelClose(channel, code, reason));
                case (Stage.ClientClosed, AmqpMethod.ChannelCloseOk):
                    (_stage, _brokerMustAnswer) = (Stage.Over, false);
                    return Fate.Pass;
                case (_, AmqpMethod.ChannelCloseOk) when _brokerMustAnswer:
                    _brokerMustAnswer = false;
                    return Fate.Swallow;
                default:
                    return Fate.Pass;
            }
        }
    }
}
