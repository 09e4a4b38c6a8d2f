using System.Diagnostics;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Terminal.Processes;

namespace JobSystem.Benchmarks.Worker;

/// <summary>A <c>jobs worker</c> as a process, with one command. Ends with this object at the latest.</summary>
internal sealed class JobsWorker : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private JobsWorker(Process process, long startedAt) =>
        (_process, StartedAt, Gauge) = (process, startedAt, new ProcessGauge(process.Id));

    /// <summary>Right before the process was made.</summary>
    public long StartedAt { get; }

    /// <summary>Of the worker and what belongs to it.</summary>
    public ProcessGauge Gauge { get; }

    public static JobsWorker Start(Uri broker, string queue, params IEnumerable<string> command)
    {
        var start = OurProgram.ToStart("jobs", ["worker", "--queue", queue, "--", .. command]);
        start.Environment[OurProgram.BrokerVariable] = $"{broker}";
        var startedAt = Stopwatch.GetTimestamp();
        return new JobsWorker(Process.Start(start)!, startedAt);
    }

    /// <summary>The first line that a command has written.</summary>
    public Task FirstOutputAsync(CancellationToken cancel) => LineAsync(_process.StandardOutput, "", cancel);

    /// <summary>It has said that it consumes.</summary>
    public Task ConsumesAsync(CancellationToken cancel) => LineAsync(_process.StandardError, "Consuming", cancel);

    /// <summary>Asks it to end, as an operator does, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        Posix.Signal(_process.Id, Posix.SigTerm);
        using var patience = new CancellationTokenSource(_deadline, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task LineAsync(StreamReader stream, string word, CancellationToken cancel)
    {
        string line;
        do
        {
            line = await stream.ReadLineAsync(cancel).AsTask().WaitAsync(_deadline, TimeProvider.System, cancel)
                ?? throw new IOException("The worker ended before it worked.");
        }
        while (!line.Contains(word, StringComparison.Ordinal));
    }
}
