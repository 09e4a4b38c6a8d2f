using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// After the drain every lane of every queue is looked through, message by message; what is found goes into the ledger.
/// All messages are held until the end, so none is seen twice; then they go back. Whatever cannot be asked makes the
/// sweep incomplete, and the verdict unknown; so does a message in a queue that nobody looks through (a step of a
/// delay), where the broker can list them.
/// </summary>
internal sealed class Sweep(
    string brokerUri, IReadOnlyList<string> queues, Func<Task<string>>? listQueues, LedgerWriter ledger,
    TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _countsAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<(string Queue, Lane Lane)> _lanes =
        [.. queues.SelectMany(queue => Enum.GetValues<Lane>().Select(lane => (queue, lane)))];

    /// <summary>Returns why it is incomplete; null: it is complete.</summary>
    public async Task<string?> RunAsync()
    {
        try
        {
            if (await ElsewhereAsync() is { } elsewhere)
            {
                return elsewhere;
            }

            await using var session = await BrokerSession.OpenAsync(
                BrokerAddress.Parse(brokerUri), _patience, NullLoggerFactory.Instance, clock);
            await using var pull = await session.CallAsync(session.Connection.OpenPullAsync());
            foreach (var (queue, lane) in _lanes)
            {
                await SweepAsync(session, pull, queue, lane);
            }

            return null;
        }
        catch (Exception error) when (error is TransportException or NoBrokerException or TargetException)
        {
            return error.Message;
        }
    }

    /// <summary>The broker's counts are some seconds old.</summary>
    private async Task<string?> ElsewhereAsync()
    {
        var began = clock.GetTimestamp();
        while (listQueues is not null && Elsewhere(await listQueues()) is { } elsewhere)
        {
            if (clock.GetElapsedTime(began) > _countsAge)
            {
                return elsewhere;
            }

            await Task.Delay(_pause, clock);
        }

        return null;
    }

    /// <param name="rows">Lines of a name and a count of messages.</param>
    private string? Elsewhere(string rows)
    {
        var swept = _lanes.Select(each => Lanes.NameOf(each.Queue, each.Lane)).ToHashSet(StringComparer.Ordinal);
        var full = QueueRows.In(rows)
            .Where(words => words is [var name, not "0"] && !swept.Contains(name))
            .Select(words => words[0])
            .ToList();
        return full.Count == 0 ? null : $"there are messages left in {string.Join(", ", full)}";
    }

    private async Task SweepAsync(BrokerSession session, IPullChannel pull, string queue, Lane lane)
    {
        var name = Lanes.NameOf(queue, lane);
        if (await session.CallAsync(session.Connection.InspectAsync(name)) is null)
        {
            return;
        }

        while (await session.CallAsync(pull.GetAsync(name)) is { } found)
        {
            if (!JobBody.TryGetJob(found.Job.Body.Span, out var job))
            {
                job = found.Job.Id; // nobody's: the judge will call it unexpected
            }

            ledger.Add(lane == Lane.Dead
                ? new HistoryEvent.DeadLettered(job, found.Job.Failure?.Reason ?? FailureReason.WorkerLost)
                : new HistoryEvent.StillQueued(job, name));
        }
    }
}
