namespace JobSystem.Handlers;

/// <summary>
/// Which handler runs which job. Made at start from the options and never changed, so every thread may read it.
/// A queue's raw handler takes all its jobs; otherwise the job's type decides; a queue with one typed handler only
/// takes jobs without a type, too (a sender from another world names none).
/// </summary>
internal sealed class HandlerCatalog
{
    private readonly Dictionary<string, HandlerBinding> _rawByQueue = [];
    private readonly Dictionary<(string Queue, string Type), HandlerBinding> _byType = [];
    private readonly Dictionary<string, HandlerBinding?> _onlyOneOfQueue = [];

    public void AddRaw(string queue, HandlerBinding binding) => _rawByQueue.Add(queue, binding);

    public void AddTyped(string queue, HandlerBinding binding)
    {
        _byType.Add((queue, binding.Type!), binding);
        _onlyOneOfQueue[queue] = _onlyOneOfQueue.ContainsKey(queue) ? null : binding;
    }

    /// <summary>The binding for a job; null when nobody here knows its type.</summary>
    public HandlerBinding? Find(string queue, string? type)
    {
        if (_rawByQueue.TryGetValue(queue, out var raw))
        {
            return raw;
        }

        return type is null
            ? _onlyOneOfQueue.GetValueOrDefault(queue)
            : _byType.GetValueOrDefault((queue, type));
    }
}
