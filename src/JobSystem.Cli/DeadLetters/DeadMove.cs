using JobSystem.Cli.Output;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Transports;

namespace JobSystem.Cli.DeadLetters;

/// <summary>
/// Takes dead letters that match out of the queue: by running them again, or for good.
/// Promises: a requeued dead letter is dropped only after the broker has confirmed its copy, so a crash in between
/// leaves two and never none; those that do not match go back untouched; nothing is changed in a dry run.
/// </summary>
/// <param name="settings">Which.</param>
/// <param name="requeue">Publishes the copy; null: they are purged.</param>
/// <param name="session">To take and drop them with.</param>
/// <param name="screen">Gets a line for each.</param>
/// <param name="clock">For ages.</param>
internal sealed class DeadMove(
    DeadSettings settings, Func<Job, Task<EnqueueResult>>? requeue, BrokerSession session, Screen screen,
    TimeProvider clock)
{
    private const int MaxAtATime = 64;
    private const long MaxBytesAtATime = 64 * 1024 * 1024;

    private readonly List<Delivery> _batch = [];
    private int _matched;
    private int _moved;
    private int _unknown;

    public async Task<int> RunAsync()
    {
        await using var dead = await DeadQueue.OpenAsync(session, settings);
        if (requeue is null && !settings.DryRun && !Confirmation.Ask(screen, settings.Yes, Question(dead.Count)))
        {
            return ExitCode.Failed;
        }

        var now = clock.GetUtcNow();
        await foreach (var delivery in dead.TakeAsync())
        {
            if (!settings.Matches(delivery.Job, now))
            {
                await dead.PutBackAsync(delivery);
                continue;
            }

            _matched++;
            _batch.Add(delivery);
            if (_batch.Count == MaxAtATime || _batch.Sum(one => (long)one.Job.Body.Length) >= MaxBytesAtATime)
            {
                await MoveBatchAsync(dead);
            }

            if (_matched == settings.Limit)
            {
                break;
            }
        }

        await MoveBatchAsync(dead);
        return Conclude(dead.Count);
    }

    private async Task MoveBatchAsync(DeadQueue dead)
    {
        var copies = _batch.ConvertAll(delivery => requeue is null || settings.DryRun
            ? Task.FromResult<EnqueueResult>(new EnqueueResult.Confirmed(delivery.Job.Id))
            : requeue(delivery.Job));
        for (var index = 0; index < copies.Count; index++)
        {
            var result = await copies[index];
            await (result is EnqueueResult.Confirmed && !settings.DryRun
                ? dead.DropAsync(_batch[index])
                : dead.PutBackAsync(_batch[index]));

            Tell(result);
        }

        _batch.Clear();
    }

    private void Tell(EnqueueResult result)
    {
        var (word, reason) = result switch
        {
            EnqueueResult.Rejected rejected => ("rejected", rejected.Reason),
            EnqueueResult.Unknown unknown => ("unknown", unknown.Reason),
            _ when settings.DryRun => (requeue is null ? "would be purged" : "would be requeued", null),
            _ => (requeue is null ? "purged" : "requeued", null),
        };
        _moved += reason is null ? 1 : 0;
        _unknown += result is EnqueueResult.Unknown ? 1 : 0;
        if (settings.Json)
        {
            screen.Out.WriteLine(JsonLine.Of(("id", result.Id.Value), ("result", word), ("reason", reason)));
        }
        else if (reason is null)
        {
            screen.Out.WriteLine(settings.DryRun ? $"{result.Id} {word}" : result.Id.Value);
        }
        else
        {
            screen.Problem($"{result.Id} {word}: {reason} The dead letter stays.");
        }
    }

    private int Conclude(long count)
    {
        var verb = requeue is null ? "purged" : "requeued";
        screen.Note(settings.DryRun
            ? $"Would be {verb}: {_moved} of {count} dead letters of '{settings.Queue}'. Nothing was changed."
            : $"{_moved} of {count} dead letters of '{settings.Queue}' {verb}.");
        return _unknown > 0 ? ExitCode.Unknown : _moved < _matched ? ExitCode.Failed : ExitCode.Done;
    }

    private string Question(long count) => settings.Where.Count == 0 && settings.Limit is null
        ? $"Drop all {count} dead letters of '{settings.Queue}' for good?"
        : $"Drop the dead letters of '{settings.Queue}' that match (of {count}) for good?";
}
