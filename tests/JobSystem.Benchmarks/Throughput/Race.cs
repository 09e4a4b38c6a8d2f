using JobSystem.Benchmarks.Measuring;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>
/// One run of one contender: publishes with so many in flight, and ends when the last job has been handled. All
/// contenders run the same race; they differ in what publishes and in what handles.
/// </summary>
internal sealed class Race(Load load, ProcessGauge? broker, CancellationToken cancel)
{
    // What takes longer hangs: then the run fails instead of the whole record.
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _published;
    private int _handled;

    public byte[] Body { get; } = new byte[load.PayloadBytes];

    /// <summary>A job has run. From any thread.</summary>
    /// <returns>How many have run.</returns>
    public int Handled()
    {
        var handled = Interlocked.Increment(ref _handled);
        if (handled == load.Jobs)
        {
            _done.TrySetResult();
        }

        return handled;
    }

    /// <param name="publish">Publishes one job and ends when it is confirmed.</param>
    public Task<Usage> RunAsync(Func<Task> publish) => Usage.MeasureAsync(load.Jobs, broker, async () =>
    {
        try
        {
            var publishers = Task.WhenAll(Enumerable.Range(0, load.InFlight).Select(_ => PublishAsync(publish)));
            await _done.Task.WaitAsync(_deadline, TimeProvider.System, cancel);
            await publishers.WaitAsync(_deadline, TimeProvider.System, cancel);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{_handled} of {load.Jobs} jobs were handled, {_published} published, within {_deadline}.");
        }
    });

    private async Task PublishAsync(Func<Task> publish)
    {
        try
        {
            while (Interlocked.Increment(ref _published) <= load.Jobs && !cancel.IsCancellationRequested)
            {
                await publish();
            }
        }
        catch (Exception error)
        {
            _done.TrySetException(error); // the first says what is wrong; the others may wait for ever
        }
    }
}
