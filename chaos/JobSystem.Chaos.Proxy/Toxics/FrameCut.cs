using JobSystem.Chaos.Proxy.Frames;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Proxy.Toxics;

/// <summary>The next frame of a kind arrives in part, and the connection is reset: once.</summary>
internal sealed class FrameCut(Direction direction, FrameKind kind) : Toxic(direction)
{
    private int _isDone;

    /// <summary>Of the frame: how many bytes arrived, of how many. Known when it took effect.</summary>
    public (long Kept, long Length) Cut { get; private set; }

    public override Fate Judge(FrameGate gate, in AmqpFrame frame)
    {
        if (!kind.Has(frame) || Interlocked.Exchange(ref _isDone, 1) != 0)
        {
            return Fate.Pass;
        }

        Cut = (gate.Random.NextInt64(1, frame.Length), frame.Length);
        Touch(1);
        return Fate.Cut(Cut.Kept);
    }
}
