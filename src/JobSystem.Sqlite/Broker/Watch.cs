using JobSystem.Sqlite.Peers;
using JobSystem.Sqlite.Storage;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// What a session does beside its batches: it is told by other processes that there is something new, or
/// that one of them is missing; and every so often it looks by itself, because a signal may have been lost.
/// On the writer's thread, but for what it is told.
/// </summary>
internal sealed class Watch(JobFile file, Inbox inbox, TimeSpan lease, TimeProvider clock)
{
    private const int ShrinkPages = 4096;

    private static readonly TimeSpan _longestPeriod = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _period = TimeSpan.FromTicks(Math.Min(_longestPeriod.Ticks, lease.Ticks / 6));
    private long _lastLook = clock.GetTimestamp();
    private volatile bool _isWoken;
    private volatile bool _isMissing;

    /// <summary>Another process says that there is something new. From any thread.</summary>
    public void OnWoken()
    {
        if (!_isWoken)
        {
            _isWoken = true;
            inbox.Wake();
        }
    }

    /// <summary>There may be dead processes, or unknown ones. From any thread.</summary>
    public void OnMissing()
    {
        _isMissing = true;
        inbox.Wake();
    }

    /// <summary>Returns how long it may wait until the next time, unless something is heard.</summary>
    public TimeSpan LookAround(Writer writer, Membership membership, PeerNetwork peers)
    {
        try
        {
            if (_isWoken)
            {
                _isWoken = false;
                writer.LookAll();
            }

            if (_isMissing && membership.Process is { } process)
            {
                _isMissing = false;
                FindDead(process, membership, peers);
            }
        }
        catch (StorageException error) when (error.IsBusy)
        {
            _isWoken = _isMissing = true; // next time
            throw;
        }

        var elapsed = clock.GetElapsedTime(_lastLook);
        if (elapsed < _period)
        {
            return _period - elapsed;
        }

        LookByItself(writer);
        _lastLook = clock.GetTimestamp();
        return _period;
    }

    private void LookByItself(Writer writer)
    {
        writer.CheckPlace();
        if (writer.LookForChanges())
        {
            writer.LookAll();
        }
        else if (inbox.IsEmpty)
        {
            file.Shrink(ShrinkPages);
        }
    }

    private void FindDead(long process, Membership membership, PeerNetwork peers)
    {
        var others = file.Tables.Processes.All()
            .Where(other => other.Id != process && other.Machine.SharesKernelWith(Machine.This)).ToList();
        _ = BuryAsync();

        async Task BuryAsync()
        {
            var dead = await peers.FindDeadAsync(others);
            if (dead.Count > 0)
            {
                inbox.Add(new Query<bool, bool>(
                    batch =>
                    {
                        foreach (var other in dead)
                        {
                            membership.Bury(other.Id, "it has ended without closing the file", batch);
                        }

                        return true;
                    },
                    buried =>
                    {
                        peers.ClearAway(dead);
                        return buried;
                    }));
            }
        }
    }
}
