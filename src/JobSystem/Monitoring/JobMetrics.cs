using System.Diagnostics.Metrics;

namespace JobSystem.Monitoring;

/// <summary>
/// The instruments of the meter <c>JobSystem</c>. Tags are few and bounded: queue, outcome, role, result; never ids.
/// </summary>
internal sealed class JobMetrics : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _started;
    private readonly Counter<long> _concluded;
    private readonly Counter<long> _adopted;
    private readonly Counter<long> _ackedWithoutRun;
    private readonly Counter<long> _settledTooLate;
    private readonly Counter<long> _reconnects;

    public JobMetrics()
    {
        _enqueued = _meter.CreateCounter<long>("jobs.enqueued", "{job}", "Enqueues by result.");
        _started = _meter.CreateCounter<long>("jobs.started", "{run}", "Runs that were started.");
        _concluded = _meter.CreateCounter<long>("jobs.concluded", "{job}", "Deliveries by outcome and settlement.");
        _adopted = _meter.CreateCounter<long>("jobs.adopted", "{delivery}",
            "Redeliveries of running jobs that took the dead delivery's place.");
        _ackedWithoutRun = _meter.CreateCounter<long>("jobs.acked_without_run", "{delivery}",
            "Redeliveries of jobs that had finished here.");
        _settledTooLate = _meter.CreateCounter<long>("jobs.settled_too_late", "{delivery}",
            "Settles whose channel was gone: they never reached the wire.");
        _reconnects = _meter.CreateCounter<long>("broker.reconnects", "{connection}",
            "Connections that were lost or could not be opened.");
    }

    public void Enqueued(string queue, EnqueueResult result) =>
        _enqueued.Add(1, new("queue", queue), new("result", result.GetType().Name));

    public void RunStarted(string queue) => _started.Add(1, new KeyValuePair<string, object?>("queue", queue));

    public void Concluded(string queue, JobOutcome outcome, Settlement settlement) => _concluded.Add(1,
        new("queue", queue), new("outcome", outcome.GetType().Name), new("settlement", settlement.GetType().Name));

    public void Adopted(string queue) => _adopted.Add(1, new KeyValuePair<string, object?>("queue", queue));

    public void AckedWithoutRun(string queue) =>
        _ackedWithoutRun.Add(1, new KeyValuePair<string, object?>("queue", queue));

    public void SettledTooLate(string queue) =>
        _settledTooLate.Add(1, new KeyValuePair<string, object?>("queue", queue));

    public void Reconnected(string role) => _reconnects.Add(1, new KeyValuePair<string, object?>("role", role));

    public void Dispose() => _meter.Dispose();
}
