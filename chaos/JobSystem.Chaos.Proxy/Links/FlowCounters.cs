using JobSystem.Chaos.Proxy.Frames;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// What arrived at a proxy on its way in one direction, of all connections ever. Written by many, read by anybody at
/// any time; each number by itself is right.
/// </summary>
internal sealed class FlowCounters
{
    private FlowTally _total;

    public FlowTally Total => new()
    {
        Bytes = Interlocked.Read(ref _total.Bytes),
        Frames = Interlocked.Read(ref _total.Frames),
        Publishes = Interlocked.Read(ref _total.Publishes),
        Delivers = Interlocked.Read(ref _total.Delivers),
        Acks = Interlocked.Read(ref _total.Acks),
        Consumes = Interlocked.Read(ref _total.Consumes),
        Channels = Interlocked.Read(ref _total.Channels),
        Altered = Interlocked.Read(ref _total.Altered),
        Unreadable = Interlocked.Read(ref _total.Unreadable),
    };

    /// <summary>What one read brought.</summary>
    public void Add(in FlowTally tally)
    {
        Add(ref _total.Bytes, tally.Bytes);
        Add(ref _total.Frames, tally.Frames);
        Add(ref _total.Publishes, tally.Publishes);
        Add(ref _total.Delivers, tally.Delivers);
        Add(ref _total.Acks, tally.Acks);
        Add(ref _total.Consumes, tally.Consumes);
        Add(ref _total.Channels, tally.Channels);
        Add(ref _total.Altered, tally.Altered);
        Add(ref _total.Unreadable, tally.Unreadable);
    }

    private static void Add(ref long total, long more)
    {
        if (more != 0)
        {
            Interlocked.Add(ref total, more);
        }
    }
}

/// <summary>Bytes and frames that arrived, before any toxic.</summary>
internal record struct FlowTally
{
    public long Bytes;
    public long Frames;

    /// <summary>Messages on their way to the broker.</summary>
    public long Publishes;

    /// <summary>Messages on their way to the client.</summary>
    public long Delivers;

    /// <summary>To the broker: acks of deliveries. To the client: confirms of publishes.</summary>
    public long Acks;

    /// <summary>Consumers that the broker has taken on.</summary>
    public long Consumes;

    /// <summary>Channels that the broker has opened.</summary>
    public long Channels;

    /// <summary>Frames that were swallowed, replaced or cut.</summary>
    public long Altered;

    /// <summary>Streams that are not AMQP 0-9-1, or not any more; forwarded as they are.</summary>
    public long Unreadable;

    /// <summary>One frame more.</summary>
    public void Count(AmqpMethod method)
    {
        Frames++;
        switch (method)
        {
            case AmqpMethod.BasicPublish:
                Publishes++;
                break;
            case AmqpMethod.BasicDeliver:
                Delivers++;
                break;
            case AmqpMethod.BasicAck:
                Acks++;
                break;
            case AmqpMethod.BasicConsumeOk:
                Consumes++;
                break;
            case AmqpMethod.ChannelOpenOk:
                Channels++;
                break;
            default:
                break;
        }
    }
}
