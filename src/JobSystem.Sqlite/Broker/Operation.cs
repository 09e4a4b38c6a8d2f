using JobSystem.Transports;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// Something to be done in a transaction, with others. It is prepared once, executed at least once (again where the
/// transaction had to be rolled back), and then either committed, refused for lack of room, or abandoned with the
/// session. On the writer's thread, but for the last.
/// </summary>
internal abstract class Operation
{
    /// <summary>About how much it writes.</summary>
    public virtual long Bytes => 0;

    /// <summary>It adds to the file for good, so the reserve of a full disk is not for it.</summary>
    public virtual bool AddsToFile => false;

    /// <summary>True when one execution was all; else it is given another turn behind what waits.</summary>
    public virtual bool IsDone => true;

    /// <summary>Its turn has come. Touches memory only. False: there is nothing to do any more.</summary>
    public virtual bool Prepare() => true;

    /// <summary>Touches the file only: what it changes in memory waits for <see cref="Committed"/>.</summary>
    public abstract void Execute(Batch batch);

    /// <summary>All that it has done is on the disk.</summary>
    public abstract void Committed(Batch batch);

    /// <summary>The disk is full, and nothing was done. False: it must be tried again until there is room.</summary>
    public abstract bool TryRefuse(string reason);

    /// <summary>The session has ended first. From any thread.</summary>
    public abstract void Abandoned(TransportFailure failure);
}
