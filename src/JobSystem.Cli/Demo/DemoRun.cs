using System.Collections.Concurrent;
using System.Text;
using JobSystem.Cli.Brokers;
using JobSystem.Cli.DeadLetters;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Cli.Demo;

/// <summary>
/// The promise, tried: enqueues confirmed jobs that do real work, kills a worker in the middle, starts another, waits
/// until every job is finished, and compares what was confirmed with the ledgers and with the files.
/// Promises: it ends, though nothing moves any more; its workers and its queues are gone when it has ended.
/// </summary>
internal sealed class DemoRun(
    DemoSettings settings, BrokerAddress broker, DemoCrew crew, DemoFolder folder, IDemoView view, TimeProvider clock)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _connectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _maxWithoutProgress = TimeSpan.FromSeconds(60);

    private readonly DemoTally _tally = new();
    private readonly ConcurrentQueue<string> _confirmed = new();
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _startedAt;
    private int _kills;

    private int BeforeTheKill => settings.Jobs - (settings.Jobs / 3);

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<DemoResult> RunAsync(CancellationToken cancel)
    {
        var files = folder.Generate(settings.Jobs, settings.Seed, cancel);
        view.Tell($"{files.Count} files generated in {folder.Path} (seed {settings.Seed})");
        await using var server = new JobSystemBuilder().UseTransport(broker.Open).Start();
        var interrupted = Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
        if (!await Readiness.WaitAsync(server, _connectPatience, interrupted, clock))
        {
            throw new OperationCanceledException();
        }

        _startedAt = clock.GetTimestamp();
        try
        {
            return await WorkAsync(server.Client, files, cancel);
        }
        finally
        {
            await crew.DisposeAsync();
            await DeleteQueuesAsync();
        }
    }

    private async Task<DemoResult> WorkAsync(JobClient client, IReadOnlyList<string> files, CancellationToken cancel)
    {
        for (var number = 0; number < settings.Workers; number++)
        {
            view.Tell($"{crew.Start()} is started");
        }

        await FollowAsync(EnqueueAsync(client, files, cancel), cancel);
        var clean = await crew.StopAsync();
        crew.ReadLedgers(_tally);
        Show();
        var left = await CloseTheBooksAsync();
        var wrong = files.Count(file => !DemoWork.IsRight(folder, file));
        var result = new DemoResult(
            settings.Jobs, _tally.Confirmed, _tally.Finished, _tally.RunTwice, _tally.DeadLetters, _tally.Missing,
            wrong, left, _kills, clean, clock.GetElapsedTime(_startedAt));
        if (!result.IsGood && crew.LastWords is { Length: > 0 } words)
        {
            view.Tell($"the workers' last words: {words}");
        }

        return result;
    }

    /// <summary>The last third only after the kill: so it is in the middle, however fast the machine is.</summary>
    private async Task EnqueueAsync(JobClient client, IReadOnlyList<string> files, CancellationToken cancel)
    {
        await EnqueueAllAsync(client, files.Take(BeforeTheKill), cancel);
        await _killed.Task.WaitAsync(cancel);
        await EnqueueAllAsync(client, files.Skip(BeforeTheKill), cancel);
    }

    private async Task EnqueueAllAsync(JobClient client, IEnumerable<string> files, CancellationToken cancel)
    {
        var options = new EnqueueOptions { Queue = settings.Queue, Type = DemoSettings.JobType };
        await Task.WhenAll(files.Select(async file =>
        {
            var result = await client.TryEnqueueAsync(Encoding.UTF8.GetBytes(file), options, cancel);
            if (result is EnqueueResult.Confirmed)
            {
                _confirmed.Enqueue(result.Id.Value);
            }

        }));
        view.Tell($"{_confirmed.Count} of {settings.Jobs} jobs are confirmed");
    }

    /// <summary>Looks at the ledgers until every confirmed job is finished, and kills one worker on the way.</summary>
    private async Task FollowAsync(Task enqueueing, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_look, clock);
        var (lastCount, lastAt) = (0, clock.GetTimestamp());
        while (!enqueueing.IsCompleted || _tally.Confirmed < _confirmed.Count || _tally.Missing > 0)
        {
            await timer.WaitForNextTickAsync(cancel);
            Look();
            if (_kills == 0 && _tally.Finished >= settings.Jobs / 3
                && (crew.RunningAtFirst > 0 || _tally.Finished == BeforeTheKill))
            {
                await ReplaceFirstAsync();
            }

            if (_tally.Finished > lastCount)
            {
                (lastCount, lastAt) = (_tally.Finished, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(lastAt) > _maxWithoutProgress)
            {
                view.Tell($"nothing was finished for {DurationText.Format(_maxWithoutProgress)}; giving up");
                return;
            }
        }

        await enqueueing;
    }

    private async Task ReplaceFirstAsync()
    {
        _kills++;
        view.Tell(await crew.KillFirstAsync());
        view.Tell($"{crew.Start()} is started in its place");
        _killed.TrySetResult();
    }

    private void Look()
    {
        foreach (var id in _confirmed)
        {
            _tally.Confirm(id);
        }

        crew.ReadLedgers(_tally);
        Show();
    }

    private void Show() => view.Show(new DemoSnapshot(
        settings.Jobs, _tally.Confirmed, _tally.Finished, _tally.RunTwice, crew.Snapshot(),
        clock.GetElapsedTime(_startedAt)));

    /// <summary>Counts the dead letters. Returns how many messages still stand in the work queue.</summary>
    private async Task<long> CloseTheBooksAsync()
    {
        await using var session = await BrokerSession.OpenAsync(
            broker, _connectPatience, NullLoggerFactory.Instance, clock);
        await using (var dead = await DeadQueue.OpenAsync(session, new DeadSettings { Queue = settings.Queue }))
        {
            await foreach (var delivery in dead.TakeAsync())
            {
                _tally.Bury(delivery.Job.Id.Value);
                view.Tell($"dead letter {delivery.Job.Id}: {delivery.Job.Failure?.Error}");
            }
        }

        var left = 0L;
        foreach (var lane in new[] { Lane.Work, Lane.Quarantine })
        {
            var name = Lanes.NameOf(settings.Queue, lane);
            left += (await session.CallAsync(session.Connection.InspectAsync(name)))?.Ready ?? 0;
        }

        return left;
    }

    private async Task DeleteQueuesAsync()
    {
        try
        {
            await using var session = await BrokerSession.OpenAsync(
                broker, patience: null, NullLoggerFactory.Instance, clock);
            foreach (var lane in Enum.GetValues<Lane>())
            {
                await session.CallAsync(session.Connection.DeleteAsync(Lanes.NameOf(settings.Queue, lane)));
            }

            foreach (var delays in await session.CallAsync(session.Connection.DelayQueuesAsync(settings.Queue)))
            {
                await session.CallAsync(session.Connection.DeleteAsync(delays));
            }
        }
        catch (Exception error) when (error is NoBrokerException or Transports.TransportException)
        {
            view.Tell($"the queues of '{settings.Queue}' could not be deleted: {error.Message}");
        }
    }
}
