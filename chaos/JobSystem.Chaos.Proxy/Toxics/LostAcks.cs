using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>
/// Acks do not arrive: after some that pass, so many. Those of the broker are the confirms of publishes, and one that
/// is lost stays lost (<see cref="ConfirmGaps"/>). Those of a client settle deliveries; a later ack of <em>many</em>
/// would make a lost one good, so the user of this swallows all, or resets the connections in the end
/// (<see cref="Robbed"/>).
/// </summary>
internal sealed class LostAcks(Direction direction, int skip, int count) : Toxic(direction)
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

    public override Fate Judge(FrameGate gate, in AmqpFrame frame)
    {
        if (frame.Method != AmqpMethod.BasicAck)
        {
            return Fate.Pass;
        }

        var number = Interlocked.Increment(ref _seen) - skip;
        if (number < 1 || number > count)
        {
            return Fate.Pass;
        }

        lock (_gate)
        {
            _robbed.Add(gate.Connection);
        }

        if (gate.Direction == Direction.ToClient)
        {
            gate.Connection.Book.LoseConfirm(frame);
        }

        Touch(1);
        return Fate.Swallow;
    }
}
