using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>Bytes arrive in crumbs of one to so many, as if every read ended in the middle of something.</summary>
internal sealed class Slices(Direction direction, int largest) : Toxic(direction)
{
    public override int Portion(Random random, int bytes)
    {
        Touch(1);
        return Math.Min(bytes, random.Next(1, largest + 1));
    }
}
