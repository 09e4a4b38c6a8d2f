using System.Diagnostics;
using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>A worker process from outside: this program, started again. Ends with this object at the latest.</summary>
internal sealed class WorkerChild : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    private WorkerChild(Process process) => (_process, Gauge) = (process, new ProcessGauge(process.Id));

    public ProcessGauge Gauge { get; }

    public static WorkerChild Start(Uri broker)
    {
        var start = OurProgram.ToStart(OurProgram.Itself, "work");
        start.RedirectStandardError = false;
        start.Environment[OurProgram.BrokerVariable] = $"{broker}";
        return new WorkerChild(Process.Start(start)!);
    }

    public Task<WorkerReport> RunAsync(string queue, int slots, int limit, CancellationToken cancel) =>
        TellAsync($"run {queue} {slots} {limit}", cancel);

    public Task<WorkerReport> HoldAsync(string queue, int slots, CancellationToken cancel) =>
        TellAsync($"hold {queue} {slots} {slots}", cancel);

    public Task<WorkerReport> StopAsync(CancellationToken cancel) => TellAsync("stop", cancel);

    public Task<WorkerReport> HeapAsync(CancellationToken cancel) => TellAsync("heap", cancel);

    /// <summary>Waits until the reports of all are as they should be, at most a minute.</summary>
    public static async Task<IReadOnlyList<WorkerReport>> AwaitAsync(
        IReadOnlyList<WorkerChild> workers, Func<IReadOnlyList<WorkerReport>, bool> isDone, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var reports = await Task.WhenAll(workers.Select(each => each.TellAsync("report", cancel)));
            if (isDone(reports))
            {
                return reports;
            }

            if (Stopwatch.GetElapsedTime(start) > _deadline)
            {
                throw new TimeoutException($"Not done within {_deadline}: {string.Join(", ", reports.AsEnumerable())}");
            }

            await Task.Delay(_poll, TimeProvider.System, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<WorkerReport> TellAsync(string line, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(cancel);
        var answer = await _process.StandardOutput.ReadLineAsync(cancel).AsTask()
            .WaitAsync(_deadline, TimeProvider.System, cancel);
        return WorkerReport.Parse(answer ?? throw new IOException($"A worker process ended at '{line}'."));
    }
}
