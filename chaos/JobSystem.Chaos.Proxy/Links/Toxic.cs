using JobSystem.Chaos.Proxy.Frames;

namespace JobSystem.Chaos.Proxy.Links;

/// <summary>
/// Something bad that a proxy does to the bytes that go through it, for as long as it is added there: to connections
/// that are there and to new ones. A class of this folder is one; it overrides what it changes. Called from many
/// connections at once. Counts what it touched, which is the proof that it did something.
/// </summary>
internal abstract class Toxic(Direction direction)
{
    private readonly TaskCompletionSource _took = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _touched;

    public Direction Direction { get; } = direction;

    /// <summary>Bytes, frames or connections, whatever it is about.</summary>
    public long Touched => Interlocked.Read(ref _touched);

    /// <summary>Completes when it has had an effect for the first time.</summary>
    public Task Took => _took.Task;

    /// <summary>The only connection it is about, with which it ends; null: all.</summary>
    public virtual ProxyConnection? Only => null;

    /// <summary>How those who connect are received.</summary>
    public virtual Entrance Entrance => Entrance.Open;

    /// <summary>Are bytes delayed by it? <see cref="Delay"/> is asked only then.</summary>
    public virtual bool Delays => false;

    /// <summary>Do bytes stand still as long as it is there?</summary>
    public virtual bool Holds => false;

    /// <summary>What is to become of a frame.</summary>
    public virtual Fate Judge(FrameGate gate, in AmqpFrame frame) => Fate.Pass;

    /// <summary>How much later bytes that came together arrive.</summary>
    public virtual TimeSpan Delay(Random random, int bytes) => TimeSpan.Zero;

    /// <summary>How many bytes are written at once, at most.</summary>
    public virtual int Portion(Random random, int bytes) => bytes;

    /// <summary>How long nothing is written after so many bytes were.</summary>
    public virtual TimeSpan Pause(int bytes) => TimeSpan.Zero;

    /// <summary>It had an effect.</summary>
    public void Touch(long count)
    {
        Interlocked.Add(ref _touched, count);
        _took.TrySetResult();
    }
}

/// <summary>How a proxy receives those who connect; the worst of all toxics counts.</summary>
internal enum Entrance
{
    Open,

    /// <summary>Their connection is taken, and then nobody says a word.</summary>
    Silent,

    /// <summary>Nobody listens.</summary>
    Refused,
}
