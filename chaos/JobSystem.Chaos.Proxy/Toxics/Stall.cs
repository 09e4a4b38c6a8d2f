using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// Nothing moves while it is there; then all goes on, and no byte is lost: a cable that was pulled and put back. On one
/// direction only it is a half-open connection. An end of the connection does not get through either.
/// </summary>
internal sealed class Stall(Direction direction) : Toxic(direction)
{
    public override bool Holds => true;
}
