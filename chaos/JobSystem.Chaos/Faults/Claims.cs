namespace JobSystem.Chaos.Faults;

/// <summary>
/// Which processes are under a fault now: two faults do not hit one process at a time, or neither could be proven.
/// </summary>
public sealed class Claims
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object> _owners = new(StringComparer.Ordinal);

    /// <summary>False: another owner has it.</summary>
    public bool TryTake(string name, object owner)
    {
        lock (_gate)
        {
            return _owners.TryAdd(name, owner) || _owners[name] == owner;
        }
    }

    public void ReleaseAll(object owner)
    {
        lock (_gate)
        {
            foreach (var name in _owners.Where(each => each.Value == owner).Select(each => each.Key).ToList())
            {
                _owners.Remove(name);
            }
        }
    }
}
