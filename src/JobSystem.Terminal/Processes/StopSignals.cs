using System.Runtime.InteropServices;

namespace JobSystem.Terminal.Processes;

/// <summary>
/// Turns the signals that ask a process to stop into calls: the first, and each further one. While it lives they end
/// the process no more.
/// One request often comes as several signals: timeout(1) and terminals signal the process and its group, systemd sends
/// SIGHUP behind SIGTERM. What comes within half a second of the first, whichever it is, belongs to it.
/// </summary>
public sealed class StopSignals : IDisposable
{
    /// <summary>No person repeats himself faster, no machine sends the parts of one request further apart.</summary>
    public static readonly TimeSpan OneRequest = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string> _again;
    private long? _firstAt;

    /// <param name="again">Called with the signal's name for each further request.</param>
    /// <param name="timeProvider">Tells the parts of one request from the next. Null: the system's.</param>
    public StopSignals(Action<string> again, TimeProvider? timeProvider = null)
    {
        (_again, _clock, Token) = (again, timeProvider ?? TimeProvider.System, _stop.Token);
        _ = First.ContinueWith(_ => _stop.Cancel(), TaskScheduler.Default);
        _registrations =
        [
            Register(PosixSignal.SIGTERM, "SIGTERM"),
            Register(PosixSignal.SIGINT, "SIGINT"),
            Register(PosixSignal.SIGHUP, "SIGHUP"),
        ];
    }

    /// <summary>Completes with the name of the first signal.</summary>
    public Task<string> First => _first.Task;

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token { get; }

    public void Dispose()
    {
        Array.ForEach(_registrations, static registration => registration.Dispose());
        _stop.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, string name) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Hear(name);
        });

    /// <summary>A signal has come.</summary>
    internal void Hear(string name)
    {
        lock (_gate)
        {
            if (_firstAt is null)
            {
                _firstAt = _clock.GetTimestamp();
                _first.TrySetResult(name);
                return;
            }

            if (_clock.GetElapsedTime(_firstAt.Value) < OneRequest)
            {
                return;
            }
        }

        _again(name);
    }
}
