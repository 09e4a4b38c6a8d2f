using JobSystem.Terminal.Output;

namespace JobSystem.Chaos.Failpoints;

/// <summary>
/// What the controller tells a process on its standard input, and the process' answers on its standard output. When
/// the input ends the controller has gone: then so does this process, at once.
/// </summary>
internal sealed class ControlLines(Action<string> onLine)
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the controller says <c>stop</c>.</summary>
    public Task Stop => _stop.Task;

    public static void Tell(string line) => LineWriter.Out.WriteLine(line);

    /// <summary>Listens from here on.</summary>
    public void Start() => _ = Task.Factory.StartNew(
        Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Listen()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == "stop")
            {
                _stop.TrySetResult();
            }
            else
            {
                onLine(line);
            }
        }

        if (!_stop.Task.IsCompleted)
        {
            Environment.Exit(Orphaned);
        }
    }

    /// <summary>The exit code of a process whose controller has gone.</summary>
    public const int Orphaned = 99;
}
