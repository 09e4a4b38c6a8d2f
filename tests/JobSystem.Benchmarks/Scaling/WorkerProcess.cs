using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace JobSystem.Benchmarks.Scaling;

/// <summary>
/// A worker as a process of its own; told line by line what to do, it answers each line with a report:
/// <c>run QUEUE SLOTS LIMIT</c> works on a queue, and remembers when so many had finished;
/// <c>hold QUEUE SLOTS LIMIT</c> does the same, with jobs that do not end before the next line <c>stop</c>;
/// <c>report</c>; <c>heap</c> (after a collection); <c>stop</c> drains.
/// Ends: when nobody talks to it any more, whatever became of the one who did. Ctrl-C is for that one.
/// </summary>
internal sealed class WorkerProcess(string broker)
{
    private JobHost? _server;
    private TaskCompletionSource _release = new();
    private int _begun;
    private int _finished;
    private int _limit;
    private long _firstAt;
    private long _lastAt;

    public async Task RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static each => each.Cancel = true);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["run" or "hold", var queue, var slots, var limit]:
                    await StartAsync(queue, Number(slots), Number(limit), holds: line[0] == 'h');
                    break;
                case ["stop"]:
                    _release.TrySetResult();
                    await _server!.DrainAsync();
                    await _server.DisposeAsync();
                    break;
            }

            Console.WriteLine(Report(line == "heap"));
        }
    }

    private async Task StartAsync(string queue, int slots, int limit, bool holds)
    {
        (_begun, _finished, _firstAt, _lastAt, _limit) = (0, 0, 0, 0, limit);
        _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!holds)
        {
            _release.SetResult();
        }

        _server = new JobSystemBuilder()
            .UseRabbitMq(broker)
            .Configure(options => options with { MaxRemembered = Math.Max(options.MaxRemembered, slots) })
            .AddQueue(queue, each => each.Concurrency(slots).Handle((_, _) => HandleAsync()))
            .Start();
        await _server.Ready;
    }

    private Task HandleAsync()
    {
        if (Interlocked.Increment(ref _begun) == 1)
        {
            Volatile.Write(ref _firstAt, Stopwatch.GetTimestamp());
        }

        if (_release.Task.IsCompleted)
        {
            Finish();
            return Task.CompletedTask;
        }

        return _release.Task;
    }

    private void Finish()
    {
        if (Interlocked.Increment(ref _finished) <= _limit)
        {
            Volatile.Write(ref _lastAt, Stopwatch.GetTimestamp());
        }
    }

    private WorkerReport Report(bool withHeap) => new()
    {
        Finished = Volatile.Read(ref _finished),
        InHand = Volatile.Read(ref _begun) - Volatile.Read(ref _finished),
        FirstAt = Volatile.Read(ref _firstAt),
        LastAt = Volatile.Read(ref _lastAt),
        Heap = withHeap ? Heap() : 0,
    };

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
