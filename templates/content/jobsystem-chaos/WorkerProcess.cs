using System.Diagnostics;
using JobSystem;
using JobSystem.Chaos;
using JobSystem.Chaos.Verification.Histories;

namespace JobChaos;

/// <summary>
/// A worker process, adopted by the lab: faults may kill or freeze it. What it prints goes into the lab's ledger; a
/// line is in the pipe before its job is acked, so it is read even if the process was killed meanwhile.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly ChaosLab _lab;
    private readonly Process _process;
    private readonly Task _reading;
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerProcess(string name, ChaosLab lab)
    {
        (_name, _lab) = (name, lab);
        string[] words = ["exec", typeof(Worker).Assembly.Location, lab.BrokerFor(name), lab.Queue];
        _process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        lab.Adopt(name, _process);
        _reading = ReadAsync();
    }

    /// <summary>Completes when it runs its first job.</summary>
    public Task Working => _working.Task;

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
        var runs = new Dictionary<string, RunId>();
        var number = 0;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', 2))
            {
                case ["began", var id]:
                    runs[id] = new RunId(_name, ++number);
                    _lab.Began(new JobId(id), runs[id], ChaosTests.BodyOf(id));
                    _working.TrySetResult();
                    break;
                case ["done", var id]:
                    _lab.Done(new JobId(id), runs[id]);
                    break;
            }
        }
    }
}
