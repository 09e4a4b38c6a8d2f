using System.Diagnostics;
using JobSystem;
using JobSystem.Chaos;
using JobSystem.Chaos.Verification.Histories;

namespace ConsoleWorker.Tests;

/// <summary>
/// The console worker as a process. What it prints goes into the ledger of the lab: a line is in the pipe before its
/// job is acked, so it is read even if the process was killed meanwhile.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly ChaosLab _lab;
    private readonly IReadOnlyDictionary<string, byte[]> _jobs;
    private readonly Process _process;
    private readonly Task _reading;
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(string name, ChaosLab lab, IReadOnlyDictionary<string, byte[]> jobs)
    {
        (_name, _lab, _jobs) = (name, lab, jobs);
        var program = Path.Combine(AppContext.BaseDirectory, "ConsoleWorker");
        _process = Process.Start(new ProcessStartInfo(program,
            ["--Broker", lab.BrokerFor(name), "--Queue", lab.Queue, "--Logging:LogLevel:Default", "None"])
        {
            RedirectStandardOutput = true,
        })!;
        lab.Adopt(name, _process);
        _reading = ReadAsync();
    }

    /// <summary>Completes when it runs its first job.</summary>
    public Task Working => _working.Task;

    public static WorkerProcess Start(string name, ChaosLab lab, IReadOnlyDictionary<string, byte[]> jobs) =>
        new(name, lab, jobs);

    public async Task EndAsync()
    {
        _process.Kill();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var runs = new Dictionary<string, RunId>(StringComparer.Ordinal);
        var number = 0;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', 3))
            {
                case ["began", var id]:
                    runs[id] = new RunId(_name, ++number);
                    _lab.Began(new JobId(id), runs[id], _jobs[id]);
                    _working.TrySetResult();
                    break;
                case ["done", var id, _]:
                    _lab.Done(new JobId(id), runs[id]);
                    break;
            }
        }
    }
}
