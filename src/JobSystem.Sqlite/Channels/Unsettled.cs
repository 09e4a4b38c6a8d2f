namespace JobSystem.Sqlite.Channels;

/// <summary>
/// The deliveries of one channel that are not settled yet: their tags, and their ids in the file. On the writer's
/// thread.
/// </summary>
internal sealed class Unsettled
{
    private readonly Dictionary<ulong, long> _ids = [];
    private ulong _lowest = 1;
    private ulong _last;

    public int Count => _ids.Count;

    public IReadOnlyCollection<long> Ids => _ids.Values;

    /// <summary>Notes a delivery. Returns its tag.</summary>
    public ulong Add(long id)
    {
        _ids.Add(++_last, id);
        return _last;
    }

    /// <summary>The id behind a tag; null: no such tag.</summary>
    public long? Find(ulong tag) => _ids.TryGetValue(tag, out var id) ? id : null;

    /// <summary>Takes out one tag, with <paramref name="multiple"/> all up to it. Empty: no such tag.</summary>
    public IReadOnlyList<long> Take(ulong tag, bool multiple)
    {
        if (!multiple)
        {
            return _ids.Remove(tag, out var id) ? [id] : [];
        }

        if (!_ids.ContainsKey(tag))
        {
            return [];
        }

        var taken = new List<long>();
        for (; _lowest <= tag; _lowest++)
        {
            if (_ids.Remove(_lowest, out var id))
            {
                taken.Add(id);
            }
        }

        return taken;
    }
}
