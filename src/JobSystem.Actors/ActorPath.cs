namespace JobSystem.Actors;

/// <summary>
/// Where an actor stands in its tree: the names from the system's down to its own, <c>/system/a/b</c>.
/// </summary>
/// <param name="Parent">The path of its parent; null for the root of a system.</param>
/// <param name="Name">Its name among its siblings; <c>$7</c> for the seventh actor spawned without one.</param>
public sealed record ActorPath(ActorPath? Parent, string Name)
{
    /// <summary>The path of a child.</summary>
    public ActorPath Child(string name) => new(this, name);

    /// <inheritdoc/>
    public override string ToString() => Parent is null ? $"/{Name}" : $"{Parent}/{Name}";
}
