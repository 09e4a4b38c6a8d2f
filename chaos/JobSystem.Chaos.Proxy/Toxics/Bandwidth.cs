using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>So many bytes a second, and no more, for each connection.</summary>
internal sealed class Bandwidth(Direction direction, int bytesPerSecond) : Toxic(direction)
{
    // Of a second: small enough that it flows, large enough for the resolution of timers.
    private const int Portions = 50;

    private readonly int _portion = Math.Max(1, bytesPerSecond / Portions);

    public override int Portion(Random random, int bytes) => Math.Min(bytes, _portion);

    public override TimeSpan Pause(int bytes)
    {
        Touch(bytes);
        return TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
    }
}
