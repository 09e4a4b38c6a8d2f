using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// Everything arrives later, by a time and a part of the jitter that is drawn; the order of bytes stays.
/// </summary>
internal sealed class Latency(Direction direction, TimeSpan latency, TimeSpan jitter) : Toxic(direction)
{
    public override bool Delays => true;

    public override TimeSpan Delay(Random random, int bytes)
    {
        Touch(bytes);
        return latency + (jitter * random.NextDouble());
    }
}
