using JobSystem.Sqlite.Storage;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// What is done with works that could not be committed. When the disk is full they go one by one: each that may be
/// refused is refused truthfully, the others are kept and tried again until there is room.
/// </summary>
internal sealed partial class Writer
{
    private static readonly TimeSpan _fullStep = TimeSpan.FromMilliseconds(250);

    private readonly Queue<Work> _kept = new();
    private bool _isFull;
    private bool _logIsCramped;
    private long _fullSince;

    private void RollBackToTryAgain()
    {
        file.Tables.Rollback();
        membership.RolledBack();
        foreach (var work in _executed)
        {
            _kept.Enqueue(work);
        }

        _executed.Clear();
    }

    private void GoOneByOne()
    {
        if (!_isFull)
        {
            log.DiskFull(options.Path);
        }

        _isFull = true;
        _fullSince = clock.GetTimestamp();
        _logIsCramped = !file.TryCheckpoint();
        var works = _executed.ToArray();
        _executed.Clear();
        foreach (var work in works)
        {
            if (!TryAlone(work) && !work.TryRefuse($"The disk under '{options.Path}' is full."))
            {
                _kept.Enqueue(work);
            }
        }
    }

    private bool TryAlone(Work work)
    {
        file.IsDurable = true;
        BeginPatiently();
        try
        {
            CheckAlive();
            work.Execute(_round);
            file.Tables.Commit();
        }
        catch (StorageException error) when (error.IsFull)
        {
            file.Tables.Rollback();
            membership.RolledBack();
            return false;
        }

        membership.Committed();
        work.Committed(_round);
        _round.Conclude();
        return true;
    }
}
