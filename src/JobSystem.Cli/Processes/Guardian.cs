using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Processes;

/// <summary>
/// Sees to it that no command outlives its worker, not even one that was killed with SIGKILL. A small shell of its
/// own session holds the reading end of a pipe from this process. When the pipe ends, however this process ended, it
/// kills the groups it was told of and everything whose environment holds this worker's token (so grandchildren that
/// left their group, too), until nothing is left.
/// Receives: groups that start and end.
/// Promises: a guardian that is killed is replaced, and told of all that runs; where no process can be started, it is
/// tried again every second. No caller ever waits for a process that ends.
/// Ends: when disposed of, with everything that still carries the token.
/// </summary>
internal sealed class Guardian : IDisposable
{
    /// <summary>The variable that marks every command of this worker and all that they start.</summary>
    public const string Variable = "JOBS_GUARD";

    // Five empty sweeps in a row, half a second: a child between fork and exec does not carry the token yet, and on a
    // busy machine it may stay there. The third argument is the number of sweeps after which it gives up on what
    // cannot be killed: about a minute.
    private const string Script = """
        trap '' INT TERM HUP QUIT PIPE
        cd /
        exec > /dev/null 2>&1
        groups=' '
        while read -r deed group; do
            case $deed in
                +) groups="$groups$group " ;;
                -) groups="${groups%% $group *} ${groups#* $group }" ;;
            esac
        done
        for group in $groups; do kill -9 "-$group"; done
        empty=0 left=$3
        while [ $empty -lt 5 ] && [ $left -gt 0 ]; do
            found=$(grep -ls "$1=$2" /proc/[0-9]*/environ)
            for file in $found; do
                pid=${file#/proc/}
                kill -9 "${pid%/environ}"
            done
            if [ -n "$found" ]; then empty=0; else empty=$((empty + 1)); fi
            left=$((left - 1))
            sleep 0.1
        done
        """;

    private const int MaxSweeps = 600;
    private static readonly TimeSpan _tooShortALife = TimeSpan.FromSeconds(1);

    private readonly string? _sessionLeader;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private readonly ITimer _again;
    private Process? _shell;
    private long _startedAt;
    private bool _disposed;

    /// <exception cref="FailedException">No process can be started.</exception>
    public Guardian(string? sessionLeader, ILogger log, TimeProvider clock)
    {
        (_sessionLeader, _log, _clock) = (sessionLeader, log, clock);
        _again = clock.CreateTimer(_ => ReplaceIfGone(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            _shell = Start();
        }
        catch (Win32Exception error)
        {
            throw new FailedException($"The guardian of the commands could not be started: {error.Message}.");
        }
    }

    /// <summary>What every command gets as <see cref="Variable"/>.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The guardian's own process; 0: there is none for now.</summary>
    public int ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _shell?.Id ?? 0;
            }
        }
    }

    /// <summary>A command has started as the leader of this group. After the end it is killed at once.</summary>
    public void Watch(int group)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                Posix.Signal(group, Posix.SigKill);
                return;
            }

            _groups.Add(group);
            if (IsGone)
            {
                Replace();
            }
            else
            {
                Tell('+', group);
            }
        }
    }

    /// <summary>Nothing of this group is left: its number may be given to others.</summary>
    public void Forget(int group)
    {
        lock (_gate)
        {
            if (_groups.Remove(group) && !_disposed)
            {
                Tell('-', group);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _again.Dispose();
                Close(_shell);
            }
        }
    }

    private bool IsGone => _shell is null or { HasExited: true };

    private Process Start()
    {
        string[] shell = ["/bin/sh", "-c", Script, "jobs-guardian", Variable, Token, $"{MaxSweeps}"];
        var start = _sessionLeader is null
            ? new ProcessStartInfo(shell[0], shell[1..])
            : new ProcessStartInfo(_sessionLeader, shell);
        start.RedirectStandardInput = true;

        // A worker that runs as another worker's command: the outer guardian must leave this one its last minute.
        start.Environment.Remove(Variable);
        _startedAt = _clock.GetTimestamp();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };

        // The process object calls this inside of a lock of its own, which HasExited and Dispose take, too: whoever
        // came here while another thread held the gate and asked HasExited would wait for that one for ever, and it
        // for him. So nothing is done here.
        process.Exited += (_, _) => ThreadPool.QueueUserWorkItem(_ => OnExited(process));
        process.Start();
        return process;
    }

    private void OnExited(Process process)
    {
        lock (_gate)
        {
            if (_disposed || process != _shell)
            {
                return;
            }

            if (_clock.GetElapsedTime(_startedAt) > _tooShortALife)
            {
                Replace();
            }
            else
            {
                TryAgainLater(); // one that cannot live is not started again and again
            }
        }
    }

    private void ReplaceIfGone()
    {
        lock (_gate)
        {
            if (!_disposed && IsGone)
            {
                Replace();
            }
        }
    }

    private void Replace()
    {
        Close(_shell);
        try
        {
            _shell = Start();
            _log.GuardianReplaced();
        }
        catch (Win32Exception error)
        {
            _shell = null;
            _log.GuardianMissing(error.Message);
            TryAgainLater();
        }

        foreach (var group in _groups)
        {
            Tell('+', group);
        }
    }

    private void TryAgainLater() => _again.Change(_tooShortALife, Timeout.InfiniteTimeSpan);

    private void Tell(char deed, int group)
    {
        try
        {
            _shell?.StandardInput.Write($"{deed} {group}\n");
            _shell?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has just ended; its successor is told of all groups.
        }
    }

    private static void Close(Process? shell)
    {
        try
        {
            shell?.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // Nobody was there to read the rest.
        }

        shell?.Dispose();
    }
}
