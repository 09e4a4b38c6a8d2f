using JobSystem.Terminal.Brokers;
using JobSystem.Transports;

namespace JobSystem.Cli.Doctor;

/// <summary>
/// Publishes jobs one by one to a queue of its own, waits for each confirm, takes each back and acks it.
/// Publishes on a connection of its own: a broker with an alarm reads nothing more from one that has published, and
/// everything else goes on.
/// Ends: with its queue deleted, whatever happened.
/// </summary>
/// <param name="session">For all but the publishes.</param>
/// <param name="publishing">For these.</param>
internal sealed class RoundTrip(
    BrokerSession session, BrokerSession publishing, TimeProvider clock, Random random) : IPublisherListener
{
    private const int Times = 20;
    private const int BodyBytes = 200;

    private readonly string _queue = $"jobs-doctor-{random.NextInt64():x16}";
    private TaskCompletionSource _answer = new();

    public async Task<IReadOnlyList<Finding>> RunAsync()
    {
        try
        {
            await session.CallAsync(session.Connection.DeclareAsync(new QueueDeclaration(_queue)));
            return await MeasureAsync();
        }
        catch (TransportException error) when (error.Failure.Kind == TransportFailureKind.AccessRefused)
        {
            // Queues that an administrator prepares need no such permission: see what is said of them.
            return [new Finding("round trip", Verdict.Note, $"Not tried: {error.Message}")];
        }
        catch (TransportException error)
        {
            return [new Finding("round trip", Verdict.Wrong, error.Message)];
        }
        finally
        {
            await DeleteAsync();
        }
    }

    public void OnConfirmed(ulong number, bool multiple) => _answer.TrySetResult();

    public void OnRejected(ulong number, string reason) =>
        OnClosed(new TransportFailure(TransportFailureKind.Refused, $"The publish was refused: {reason}"));

    public void OnClosed(TransportFailure failure) => _answer.TrySetException(new TransportException(failure));

    private async Task<IReadOnlyList<Finding>> MeasureAsync()
    {
        await using var publisher = await publishing.CallAsync(publishing.Connection.OpenPublisherAsync(this));
        await using var pull = await session.CallAsync(session.Connection.OpenPullAsync());
        var (confirms, trips) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var number = 1; number <= Times; number++)
        {
            var startedAt = clock.GetTimestamp();
            _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var id = JobId.New(clock.GetUtcNow(), random);
            var job = new Job { Id = id, Origin = JobOrigin.Ours, Body = new byte[BodyBytes] };
            publisher.Publish((ulong)number, job, new Destination(_queue));
            await ConfirmedAsync();
            confirms.Add(clock.GetElapsedTime(startedAt));
            if (await session.CallAsync(pull.GetAsync(_queue)) is not { } delivery || delivery.Job.Id != job.Id)
            {
                return [new Finding("round trip", Verdict.Wrong, "A confirmed job was not delivered.")];
            }

            await session.CallAsync(pull.AckAsync(delivery.Tag));
            trips.Add(clock.GetElapsedTime(startedAt));
        }

        return
        [
            new Finding("publish", Verdict.Good, $"{Times} times confirmed, {Describe(confirms)}"),
            new Finding("round trip", Verdict.Good, $"{Times} times published, taken and acked, {Describe(trips)}"),
        ];
    }

    private async Task ConfirmedAsync()
    {
        await publishing.CallAsync(Task.WhenAny(_answer.Task, publishing.BlockedFirst));
        if (publishing.Blocked is { } reason && !_answer.Task.IsCompleted)
        {
            throw new TransportException(new TransportFailure(TransportFailureKind.Refused,
                $"The broker has an alarm and takes no publishes: {reason}. Enqueues wait until their deadline; " +
                "running jobs are finished and acked. Free memory or disk at the broker."));
        }

        await _answer.Task;
    }

    private async Task DeleteAsync()
    {
        try
        {
            foreach (var lane in Enum.GetValues<Lane>())
            {
                await session.CallAsync(session.Connection.DeleteAsync(Lanes.NameOf(_queue, lane)));
            }
        }
        catch (TransportException)
        {
            // The connection is gone, which is a finding already.
        }
    }

    private static string Describe(List<TimeSpan> times)
    {
        times.Sort();
        return $"median {InMilliseconds(times[times.Count / 2])}, slowest {InMilliseconds(times[^1])}";

        static string InMilliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0.0} ms");
    }
}
