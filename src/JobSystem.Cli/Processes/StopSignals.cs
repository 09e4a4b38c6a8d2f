using System.Runtime.InteropServices;

namespace JobSystem.Cli.Processes;

/// <summary>
/// Turns the signals that ask a process to stop into calls: the first, and each further one. While it lives they end
/// the process no more.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string> _again;

    /// <param name="again">Called with the signal's name for each but the first.</param>
    public StopSignals(Action<string> again)
    {
        (_again, Token) = (again, _stop.Token);
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
            if (!_first.TrySetResult(name))
            {
                _again(name);
            }
        });
}
