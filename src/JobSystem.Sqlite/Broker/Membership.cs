using JobSystem.Sqlite.Peers;
using JobSystem.Sqlite.Storage;
using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// This session as a process that holds deliveries, and its eye on the others. It joins with its first consumer,
/// beats as long as it lives, and takes others for dead: at once when nobody listens at their address any more,
/// after the lease when they do not beat. The deliveries of the dead go back, counted as losses.
/// Nobody compares clocks: each watches by its own how long another's count of beats stands still.
/// Ends: with the session; or when others have taken it for dead. On the writer's thread.
/// </summary>
/// <param name="joined">It must look for other processes, alive and dead.</param>
internal sealed class Membership(
    PeerNetwork peers, Action joined, TimeProvider clock, TimeSpan lease, ILogger log)
{
    private readonly Dictionary<long, (long Beat, long Since)> _seen = [];
    private long? _joining;
    private long _lastBeat = clock.GetTimestamp();
    private long _lastWatch = clock.GetTimestamp();

    /// <summary>This process in the file; null: it holds nothing, and needs no place in it.</summary>
    public long? Process { get; private set; }

    public bool IsBeatDue => Process is not null && clock.GetElapsedTime(_lastBeat) >= lease / 3;

    /// <summary>Makes sure that this process has its place. Returns its number.</summary>
    public long Join(Batch batch)
    {
        if ((Process ?? _joining) is { } known)
        {
            return known;
        }

        var address = peers.Listen();
        foreach (var former in batch.Tables.Processes.All().Where(other => Machine.This.IsFormer(other.Machine)))
        {
            Bury(former.Id, "its machine was restarted", batch);
        }

        batch.Tables.Processes.GiveBackOrphans();
        _joining = batch.Tables.Processes.Join(Machine.This, address);
        return _joining.Value;
    }

    /// <summary>False: others have taken this process for dead, so all that it held is theirs.</summary>
    public bool CheckAlive(Batch batch)
    {
        if (Process is not { } process || batch.Tables.Processes.Exists(process))
        {
            return true;
        }

        foreach (var queue in batch.Tables.Processes.Remove(process))
        {
            batch.Touch(queue);
        }

        Process = null;
        _seen.Clear();
        return false;
    }

    /// <summary>Shows that this process lives, and looks whether the others do.</summary>
    public void Beat(Batch batch)
    {
        var now = clock.GetTimestamp();
        batch.Tables.Processes.Beat(Process!.Value);
        if (clock.GetElapsedTime(_lastWatch, now) > lease)
        {
            _seen.Clear(); // this process was paused itself, and perhaps all of them were
        }

        (_lastBeat, _lastWatch) = (now, now);
        foreach (var other in batch.Tables.Processes.All().Where(other => other.Id != Process))
        {
            if (!_seen.TryGetValue(other.Id, out var seen) || seen.Beat != other.Beat)
            {
                _seen[other.Id] = (other.Beat, now);
            }
            else if (clock.GetElapsedTime(seen.Since, now) >= lease)
            {
                Bury(other.Id, $"it has shown no sign of life for {lease}", batch);
            }
        }
    }

    /// <summary>Gives back what a dead process held.</summary>
    public void Bury(long process, string why, Batch batch)
    {
        if (!batch.Tables.Processes.Exists(process))
        {
            return;
        }

        foreach (var queue in batch.Tables.Processes.Remove(process))
        {
            batch.Touch(queue);
        }

        batch.AfterCommit(() =>
        {
            _seen.Remove(process);
            log.ProcessLost(process, why);
        });
    }

    /// <summary>Gives up its place, in a transaction.</summary>
    public void Leave(Tables tables)
    {
        if (Process is { } process)
        {
            tables.Processes.Remove(process);
        }
    }

    /// <summary>It is durable that it has none.</summary>
    public void HasLeft() => Process = null;

    public void Committed()
    {
        if (_joining is not null)
        {
            (Process, _joining) = (_joining, null);
            peers.Join();
            joined();
        }
    }

    public void RolledBack() => _joining = null;
}
