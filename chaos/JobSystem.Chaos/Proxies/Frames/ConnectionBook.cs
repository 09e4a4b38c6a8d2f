namespace JobSystem.Chaos.Proxies.Frames;

/// <summary>
/// Which channels of one connection are open, and who consumes on them, learnt from the frames that pass. Receives
/// frames of both directions; promises that a channel that the client has begun to close is not listed any more.
/// </summary>
internal sealed class ConnectionBook
{
    private readonly Dictionary<ushort, List<string>> _consumers = [];
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

    /// <summary>The frame passes.</summary>
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

    private void Note(AmqpMethod method, ushort channel, string tag)
    {
        lock (_gate)
        {
            switch (method)
            {
                case AmqpMethod.ChannelOpenOk:
                    _consumers[channel] = [];
                    break;
                case AmqpMethod.BasicConsumeOk when _consumers.TryGetValue(channel, out var tags):
                    tags.Add(tag);
                    break;
                case AmqpMethod.BasicCancel or AmqpMethod.BasicCancelOk:
                    _consumers.GetValueOrDefault(channel)?.Remove(tag);
                    break;
                case AmqpMethod.ChannelClose or AmqpMethod.ChannelCloseOk:
                    _consumers.Remove(channel);
                    break;
            }
        }
    }
}
