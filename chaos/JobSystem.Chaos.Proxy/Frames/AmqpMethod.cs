namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>The methods of AMQP 0-9-1 that this proxy looks at: the class's number, then the method's.</summary>
internal enum AmqpMethod : uint
{
    None = 0,
    ConnectionStart = (10 << 16) | 10,
    ConnectionOpenOk = (10 << 16) | 41,
    ConnectionBlocked = (10 << 16) | 60,
    ConnectionUnblocked = (10 << 16) | 61,
    ChannelOpen = (20 << 16) | 10,
    ChannelOpenOk = (20 << 16) | 11,
    ChannelClose = (20 << 16) | 40,
    ChannelCloseOk = (20 << 16) | 41,
    BasicConsume = (60 << 16) | 20,
    BasicConsumeOk = (60 << 16) | 21,
    BasicCancel = (60 << 16) | 30,
    BasicCancelOk = (60 << 16) | 31,
    BasicPublish = (60 << 16) | 40,
    BasicReturn = (60 << 16) | 50,
    BasicDeliver = (60 << 16) | 60,
    BasicGetOk = (60 << 16) | 71,
    BasicAck = (60 << 16) | 80,
}
