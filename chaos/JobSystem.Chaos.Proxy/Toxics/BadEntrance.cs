using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// Nobody comes in: connections are refused, or taken and left in silence. Those that are there stay.
/// </summary>
internal sealed class BadEntrance(Entrance entrance) : Toxic(Direction.Both)
{
    public override Entrance Entrance => entrance;
}
