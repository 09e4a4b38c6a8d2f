namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>
/// What is known of the channels of one connection: which are open, who consumes on them, which confirms were lost on
/// them. Learnt from the frames of both directions as they pass. Promises: a channel that the client has begun to
/// close is not listed any more; one that is opened again begins anew.
/// </summary>
internal sealed class ConnectionBook
{
    private readonly Dictionary<ushort, List<string>> _consumers = [];
    private readonly Dictionary<ushort, ConfirmGaps> _gaps = [];
    private readonly Lock _gate = new();

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<ushort> Channels
    {
        get
        {
            lock (_gate)
            {
                return [.. _consumers.Keys.Order()];
            }
        }
    }

    /// <summary>By channel and tag.</summary>
    public IReadOnlyList<(ushort Channel, string Tag)> Consumers
    {
        get
        {
            lock (_gate)
            {
                return [.. _consumers.SelectMany(each => each.Value.Select(tag => (each.Key, tag))).Order()];
            }
        }
    }

    public bool IsOpen(ushort channel)
    {
        lock (_gate)
        {
            return channel == 0 || _consumers.ContainsKey(channel);
        }
    }

    /// <summary>The frame has come.</summary>
    /// <returns>Whether it changed anything here.</returns>
    public bool Note(in AmqpFrame frame)
    {
        switch (frame.Method)
        {
            case AmqpMethod.ChannelOpenOk or AmqpMethod.ChannelClose or AmqpMethod.ChannelCloseOk:
                Note(frame.Method, frame.Channel, "");
                return true;
            case AmqpMethod.BasicConsumeOk or AmqpMethod.BasicCancel or AmqpMethod.BasicCancelOk:
                Note(frame.Method, frame.Channel, new AmqpArguments(frame.Arguments).ShortText());
                return true;
            default:
                return false;
        }
    }

    /// <summary>A confirm of the broker is not told, and is not to be told by a later one either.</summary>
    public void LoseConfirm(in AmqpFrame ack)
    {
        var (tag, isMultiple) = ReadAck(ack);
        lock (_gate)
        {
            if (!_gaps.TryGetValue(ack.Channel, out var gaps))
            {
                _gaps.Add(ack.Channel, gaps = new ConfirmGaps());
            }

            gaps.Lose(tag, isMultiple);
        }
    }

    /// <summary>How a confirm of the broker is told without those that were lost; null: as it is.</summary>
    public ReadOnlyMemory<byte>? TellConfirm(in AmqpFrame ack)
    {
        lock (_gate)
        {
            if (!_gaps.TryGetValue(ack.Channel, out var gaps))
            {
                return null;
            }

            var (tag, isMultiple) = ReadAck(ack);
            return gaps.Tell(ack.Channel, tag, isMultiple);
        }
    }

    private static (ulong Tag, bool IsMultiple) ReadAck(in AmqpFrame ack)
    {
        var arguments = new AmqpArguments(ack.Arguments);
        return (arguments.LongLong(), (arguments.Octet() & 1) != 0);
    }

    private void Note(AmqpMethod method, ushort channel, string tag)
    {
        lock (_gate)
        {
            switch (method)
            {
                case AmqpMethod.ChannelOpenOk:
                    _consumers[channel] = [];
                    _gaps.Remove(channel);
                    break;
                case AmqpMethod.ChannelClose or AmqpMethod.ChannelCloseOk:
                    _consumers.Remove(channel);
                    break;
                case AmqpMethod.BasicConsumeOk when _consumers.TryGetValue(channel, out var tags):
                    tags.Add(tag);
                    break;
                case AmqpMethod.BasicCancel or AmqpMethod.BasicCancelOk:
                    _consumers.GetValueOrDefault(channel)?.Remove(tag);
                    break;
                default:
                    break;
            }
        }
    }
}
