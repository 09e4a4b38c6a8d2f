namespace JobSystem.Actors;

/// <summary>
/// The root of a system: it receives nothing and decides about the top-level actors. When it would have to
/// escalate, the system stops.
/// </summary>
internal sealed class Guardian(SupervisionStrategy supervision) : Actor<Guardian.Nothing>
{
    protected override SupervisionStrategy Supervision => supervision;

    protected override void Receive(Nothing message)
    {
    }

    /// <summary>A message that does not exist.</summary>
    internal sealed class Nothing
    {
        private Nothing()
        {
        }
    }
}
