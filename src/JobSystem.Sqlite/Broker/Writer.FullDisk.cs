using JobSystem.Sqlite.Storage;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// What is done with operations that could not be committed. When the disk is full they go one by one: each that may be
/// refused is refused truthfully, the others are kept and tried again until there is room. For them the reserve is
/// spent, for enqueues never: these are refused until it is there again.
/// </summary>
internal sealed partial class Writer
{
    private static readonly TimeSpan _fullStep = TimeSpan.FromMilliseconds(250);

    private readonly Queue<Operation> _kept = new();
    private bool _isFull;
    private bool? _hasRoom; // asked once a batch: it is a call to the system
    private bool _isOnReserve;
    private bool _logIsCramped;
    private long _fullSince;

    private void RollBackToTryAgain()
    {
        file.Tables.Rollback();
        membership.RolledBack();
        foreach (var operation in _executed)
        {
            _kept.Enqueue(operation);
        }

        _executed.Clear();
    }

    /// <summary>False: there is no reserve any more.</summary>
    private bool TrySpendReserve()
    {
        if (!file.Reserve.TrySpend())
        {
            return false;
        }

        _isOnReserve = true;
        log.OnReserve(options.Path);
        return true;
    }

    /// <summary>The next operation; one that would take the reserve's room is refused.</summary>
    private Operation? TakeWhatFits()
    {
        while (TryTake() is { } operation)
        {
            if (!operation.AddsToFile || (_hasRoom ??= HasRoom()) || !operation.TryRefuse(FullText))
            {
                return operation;
            }
        }

        return null;
    }

    private bool HasRoom()
    {
        var hasRoom = file.Reserve.TryKeep();
        if (hasRoom && _isOnReserve)
        {
            _isOnReserve = false;
            log.DiskHasRoom(options.Path);
        }

        return hasRoom;
    }

    private string FullText => $"The disk under '{options.Path}' is full.";

    private void GoOneByOne()
    {
        if (!_isFull && !_isOnReserve)
        {
            log.DiskFull(options.Path);
        }

        _isFull = true;
        _fullSince = clock.GetTimestamp();
        _logIsCramped = !file.TryCheckpoint();
        var operations = _executed.ToArray();
        _executed.Clear();
        foreach (var operation in operations)
        {
            if (!TryAlone(operation) && !operation.TryRefuse(FullText))
            {
                _kept.Enqueue(operation);
            }
        }
    }

    private bool TryAlone(Operation operation)
    {
        file.IsDurable = true;
        BeginPatiently();
        try
        {
            CheckAlive();
            operation.Execute(_batch);
            file.Tables.Commit();
        }
        catch (StorageException error) when (error.IsFull)
        {
            file.Tables.Rollback();
            membership.RolledBack();
            return false;
        }

        membership.Committed();
        operation.Committed(_batch);
        _batch.Conclude();
        return true;
    }
}
