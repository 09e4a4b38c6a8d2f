// The client library's own coding of properties, without a broker: what a test writes is read as the broker
// would give it back.
using JobSystem.RabbitMq.Wire;
using RabbitMQ.Client;

namespace JobSystem.Tests.RabbitMq.Wire;

internal static class AmqpWire
{
    public static ReadOnlyBasicProperties Transmit(BasicProperties properties) => new(Bytes(properties));

    public static byte[] Bytes(BasicProperties properties)
    {
        IAmqpWriteable writeable = properties;
        var bytes = new byte[writeable.GetRequiredBufferSize()];
        return bytes[..writeable.WriteTo(bytes)];
    }

    public static MessageReader NewReader(
        IgnoredHeaders? listener = null, int seed = 1, bool ofDeadLetters = false) =>
        new(TimeProvider.System, new Random(seed), listener ?? new IgnoredHeaders(), ofDeadLetters);

    public static MessageWriter NewWriter(IgnoredHeaders? listener = null, int maxHeaderBytes = 131_000) =>
        new(maxHeaderBytes, listener ?? new IgnoredHeaders());

    public static Job Read(BasicProperties properties, IgnoredHeaders? listener = null) =>
        NewReader(listener).Read(Transmit(properties), "body"u8.ToArray(), out _);
}

/// <summary>Notes what was complained about.</summary>
internal sealed class IgnoredHeaders : IHeaderListener
{
    public List<string> Headers { get; } = [];

    public void Ignored(string header, string why) => Headers.Add(header);
}
