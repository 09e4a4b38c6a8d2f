using JobSystem.Actors;

namespace JobSystem.Processing;

/// <summary>
/// Which slots of a lane are free, and what was delivered beyond them: after a reconnect jobs may still run that the
/// broker has given to others, while it fills the prefetch again. Bounded by the prefetch. A job runner's own.
/// </summary>
/// <param name="first">The number of its first slot.</param>
/// <param name="count">How many it has.</param>
internal sealed class Slots(int first, int count)
{
    private readonly Stack<int> _free = new();
    private int _used;

    public Queue<Arrival> Waiting { get; private set; } = new();

    public bool HasFree => _free.Count > 0 || _used < count;

    /// <summary>The slot that was free last, so that workers are as few as the load needs; null: all are
    /// taken.</summary>
    public int? TryTake() => _free.TryPop(out var slot) ? slot : _used < count ? first + _used++ : null;

    public void GiveBack(int slot) => _free.Push(slot);

    /// <summary>Its channel is gone: what waited will be delivered again.</summary>
    public void Forget(Ref<ConsumerMessage> consumer)
    {
        if (Waiting.Count > 0)
        {
            Waiting = new Queue<Arrival>(Waiting.Where(arrival => arrival.Consumer != consumer));
        }
    }

    public IReadOnlyList<Arrival> TakeWaitingOf(IReadOnlySet<Ref<ConsumerMessage>> consumers)
    {
        if (Waiting.Count == 0)
        {
            return [];
        }

        var taken = Waiting.Where(arrival => consumers.Contains(arrival.Consumer)).ToList();
        Waiting = new Queue<Arrival>(Waiting.Where(arrival => !consumers.Contains(arrival.Consumer)));
        return taken;
    }
}
