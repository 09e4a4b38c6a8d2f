namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>A kind of frame, as an experiment names it.</summary>
internal enum FrameKind
{
    Any,
    Deliver,
    Publish,
    Ack,
    Header,
    Body,
}

/// <summary>Which frames are of a kind. Pure.</summary>
internal static class FrameKinds
{
    public static bool Has(this FrameKind kind, in AmqpFrame frame) => kind switch
    {
        FrameKind.Any => frame.Type != FrameType.Protocol,
        FrameKind.Deliver => frame.Method == AmqpMethod.BasicDeliver,
        FrameKind.Publish => frame.Method == AmqpMethod.BasicPublish,
        FrameKind.Ack => frame.Method == AmqpMethod.BasicAck,
        FrameKind.Header => frame.Type == FrameType.Header,
        FrameKind.Body => frame.Type == FrameType.Body,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
