using JobSystem.Sqlite.Storage;
using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// Runs the batches: each takes all that waits into one transaction, claims what its consumers have room for, commits
/// once, and only then tells. So many enqueues that come at a time share one write to the disk, and what comes while
/// the disk is busy makes up the next batch.
/// When the disk is full, operations go one by one: each that may be refused is refused truthfully, the others are kept
/// and tried again until there is room.
/// Ends: with an exception that its session turns into a failure.
/// </summary>
internal sealed partial class Writer(
    JobFile file, SqliteOptions options, Inbox inbox, Consumers consumers, Membership membership,
    Action fenced, TimeProvider clock, ILogger log)
{
    private const int MaxOperations = 2000;
    private const long MaxBytes = 16 * 1024 * 1024;
    private const int MaxDue = 500;

    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan _busyStep = TimeSpan.FromMilliseconds(1);

    private readonly Batch _batch = new(file.Tables, clock);
    private readonly List<Operation> _executed = [];
    private long _dataVersion;

    /// <summary>When the first delayed job is due (Unix, ms); null: none waits.</summary>
    public long? NextDue { get; private set; }

    /// <summary>The processes to wake after a batch.</summary>
    public Action<IEnumerable<string>>? Wake { get; init; }

    /// <summary>How long there is nothing to do, unless something comes.</summary>
    public TimeSpan Patience()
    {
        var patience = _isFull ? _fullStep : _longestWait;
        if (NextDue is { } due && consumers.Any)
        {
            var wait = Math.Max(0, due - clock.GetUtcNow().ToUnixTimeMilliseconds());
            patience = wait < patience.TotalMilliseconds ? TimeSpan.FromMilliseconds(wait + 1) : patience;
        }

        return patience;
    }

    /// <summary>Runs one batch, if there is a reason to. False: there is nothing to do.</summary>
    public bool TryRunBatch()
    {
        if (!HasReason())
        {
            return false;
        }

        // Where nothing but claims and beats is written nothing is lost with the power: no process outlives it.
        file.IsDurable = !inbox.IsEmpty || _kept.Count > 0;
        BeginPatiently();
        try
        {
            Prepare();
            if (file.IsDurable)
            {
                ExecuteWaiting();
            }

            ClaimAndCommit();
        }
        catch (StorageException error) when (error.IsFull)
        {
            if (!_executed.Exists(operation => operation.AddsToFile) && TrySpendReserve())
            {
                RollBackToTryAgain();
                return true;
            }

            file.Tables.Rollback();
            membership.RolledBack();
            GoOneByOne();
            return !_isFull;
        }
        catch (StorageException error) when (error.IsBusy)
        {
            RollBackToTryAgain();
            throw;
        }

        CheckPlace();

        Conclude(_executed);
        _executed.Clear();
        return true;
    }

    /// <summary>Looks whether another process has changed the file since the last time.</summary>
    public bool LookForChanges()
    {
        var version = file.Tables.DataVersion();
        var isChanged = version != _dataVersion;
        _dataVersion = version;
        return isChanged;
    }

    /// <summary>Another process may have written: looks for what it has left for the consumers here.</summary>
    public void LookAll()
    {
        consumers.LookAll();
        NextDue = file.Tables.Delays.NextDue();
    }

    /// <summary>What is written to a file that is no longer at its place is lost: it must not be confirmed.</summary>
    public void CheckPlace()
    {
        if (file.HasMoved())
        {
            throw new TransportException(new TransportFailure(
                TransportFailureKind.Lost, $"The job file '{options.Path}' was removed or replaced."));
        }
    }

    /// <summary>The last transaction: leaves the file in order. Best effort: others notice an end anyway.</summary>
    public void Leave()
    {
        if (membership.Process is null || !file.Tables.TryBegin())
        {
            return;
        }

        membership.Leave(file.Tables);
        file.Tables.Commit();
        membership.HasLeft();
    }

    /// <summary>What was taken and is not answered.</summary>
    public void AbandonAll(TransportFailure failure)
    {
        foreach (var operation in _executed.Concat(_kept))
        {
            operation.Abandoned(failure);
        }
    }

    /// <summary>Outside of a transaction: where there is nothing to do, no lock is taken.</summary>
    private bool HasReason() =>
        !inbox.IsEmpty
        || (!_isFull && _kept.Count > 0)
        || (_isFull && clock.GetElapsedTime(_fullSince) >= _fullStep)
        || NextDue <= clock.GetUtcNow().ToUnixTimeMilliseconds()
        || membership.IsBeatDue
        || (!_isFull && consumers.HaveReason(file.Tables));

    private void BeginPatiently()
    {
        var since = clock.GetTimestamp();
        while (!file.Tables.TryBegin())
        {
            if (clock.GetElapsedTime(since) > options.BusyDeadline)
            {
                throw new TransportException(new TransportFailure(TransportFailureKind.Unreachable,
                    $"Another process has held the write lock of '{options.Path}' for {options.BusyDeadline}."));
            }

            Task.Delay(_busyStep, clock).Wait();
        }

        _batch.Begin();
        _hasRoom = null;
    }

    private void Prepare()
    {
        CheckAlive();
        if (membership.IsBeatDue)
        {
            membership.Beat(_batch);
        }

        if (file.Tables.Delays.NextDue() <= _batch.Now)
        {
            foreach (var queue in file.Tables.Delays.MoveDue(_batch.Now, MaxDue))
            {
                _batch.Touch(queue.Id);
            }
        }
    }

    private void CheckAlive()
    {
        if (!membership.CheckAlive(_batch))
        {
            fenced();
        }
    }

    private void ExecuteWaiting()
    {
        long bytes = 0;
        while (_executed.Count < MaxOperations && bytes < MaxBytes && TakeWhatFits() is { } operation)
        {
            _executed.Add(operation);
            bytes += operation.Bytes;
            operation.Execute(_batch);
        }
    }

    private Operation? TryTake()
    {
        if (_kept.TryDequeue(out var kept))
        {
            return kept;
        }

        while (inbox.TryTake(out var operation))
        {
            if (operation.Prepare())
            {
                return operation;
            }
        }

        return null;
    }

    private void ClaimAndCommit()
    {
        consumers.Claim(_batch);
        foreach (var id in _batch.Touched)
        {
            // Only for what is left: what was claimed here at once concerns nobody else.
            if (file.Tables.Queues.Find(id) is { } queue && file.Tables.Messages.AnyReady(queue))
            {
                _batch.WakeConsumersOf(id);
            }
        }

        NextDue = file.Tables.Delays.NextDue();
        file.Tables.Commit();
    }

    private void Conclude(IReadOnlyList<Operation> operations)
    {
        if (_isFull)
        {
            _isFull = false;
            if (!_isOnReserve)
            {
                log.DiskHasRoom(options.Path);
            }
        }

        if (_logIsCramped || _isOnReserve)
        {
            _logIsCramped = !file.TryCheckpoint(); // before the log takes up what room there is again
        }

        membership.Committed();
        foreach (var operation in operations)
        {
            operation.Committed(_batch);
            if (!operation.IsDone)
            {
                inbox.Add(operation);
            }
        }

        consumers.Committed();
        _batch.Conclude();
        if (_batch.ToWake.Count > 0)
        {
            Wake?.Invoke(_batch.ToWake.Values);
        }
    }
}
