namespace JobSystem.Actors;

/// <summary>The names in use among the children of one actor. Safe for several threads.</summary>
internal sealed class ChildNames
{
    private readonly HashSet<string> _names = [];
    private readonly Lock _lock = new();

    internal void Reserve(string name)
    {
        if (name.Length == 0 || name[0] == '$' || name.Contains('/'))
        {
            throw new ArgumentException(
                $"An actor's name is not empty, begins with no '$' and contains no '/', but was '{name}'.",
                nameof(name));
        }

        lock (_lock)
        {
            if (!_names.Add(name))
            {
                throw new ArgumentException($"There is a child named '{name}' already.", nameof(name));
            }
        }
    }

    internal void Release(string name)
    {
        lock (_lock)
        {
            _names.Remove(name);
        }
    }
}
