using JobSystem.Actors;

namespace JobSystem.Processing;

/// <summary>
/// The slots of a lane, and what was delivered beyond them: after a reconnect jobs may still run that the broker has
/// given to others, while it fills the prefetch anew. Bounded by the prefetch. A job runner's own.
/// </summary>
internal sealed class Slots(int count)
{
    private int _taken;

    public Queue<Arrival> Waiting { get; private set; } = new();

    public bool HasFree => _taken < count;

    public bool TryTake()
    {
        if (!HasFree)
        {
            return false;
        }

        _taken++;
        return true;
    }

    public void GiveBack() => _taken--;

    /// <summary>Its channel is gone: what waited will be delivered again.</summary>
    public void Forget(ActorRef<ConsumerMessage> consumer)
    {
        if (Waiting.Count > 0)
        {
            Waiting = new Queue<Arrival>(Waiting.Where(arrival => arrival.Consumer != consumer));
        }
    }

    public IReadOnlyList<Arrival> TakeWaitingOf(IReadOnlySet<ActorRef<ConsumerMessage>> consumers)
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
