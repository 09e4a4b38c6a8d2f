using JobSystem.Chaos.Proxies.Frames;
using JobSystem.Chaos.Proxies.Links;

namespace JobSystem.Chaos.Proxies.Toxics;

/// <summary>
/// Acks of a client do not reach the broker: after some that pass, so many. A later ack of <em>many</em> would make
/// them good, so its user swallows all, or resets the connections in the end (<see cref="Robbed"/>).
/// </summary>
internal sealed class LostAcks(int skip, int count) : Toxic(Direction.ToBroker)
{
    private readonly HashSet<ProxyConnection> _robbed = [];
    private readonly Lock _gate = new();
    private long _seen;

    /// <summary>The connections that lost some.</summary>
    public IReadOnlyList<ProxyConnection> Robbed
    {
        get
        {
            lock (_gate)
            {
                return [.. _robbed];
            }
        }
    }

    public override Fate Judge(Sieve sieve, in AmqpFrame frame)
    {
        if (!FrameKind.Ack.Has(frame) || (Interlocked.Increment(ref _seen) - skip) is var number
            && (number < 1 || number > count))
        {
            return Fate.Pass;
        }

        lock (_gate)
        {
            _robbed.Add(sieve.Connection);
        }

        Touch(1);
        return Fate.Swallow;
    }
}
