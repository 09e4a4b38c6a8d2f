using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>
/// The order of shutdown: consumers are cancelled and running jobs go on (1); when the patience is over they are
/// cancelled (2); when every queue is settled the publisher's confirms are awaited (3); then the report is given and
/// the server stops its tree. A step that hangs is cut off: after the patience plus twice the cancel grace the report
/// is given as it stands.
/// Ends: with the server.
/// </summary>
internal sealed class DrainActor(
    Engine engine, IReadOnlyList<ActorRef<RunnerMessage>> runners, ActorRef<PublisherMessage> publisher)
    : Actor<DrainMessage>
{
    private readonly List<JobFate> _fates = [];
    private readonly HashSet<ActorRef<RunnerMessage>> _undrained = [.. runners];
    private TaskCompletionSource<DrainReport>? _report;
    private long _startedAt;
    private bool _isHurried;

    protected override void Receive(DrainMessage message)
    {
        switch (message)
        {
            case DrainMessage.Begin begin when _report is null:
                Begin(begin);
                break;
            case DrainMessage.JobDrained drained:
                engine.Log.Drained(drained.Fate.Id, drained.Fate.Queue, drained.Fate.Kind);
                _fates.Add(drained.Fate);
                break;
            case DrainMessage.RunnerDrained drained:
                _undrained.Remove(drained.Runner);
                AwaitPublisherWhenDrained();
                break;
            case DrainMessage.Hurry when _report is null:
                _isHurried = true; // the second of two signals may overtake the first
                break;
            case DrainMessage.PatienceIsOver or DrainMessage.Hurry:
                CancelRuns();
                break;
            case DrainMessage.PublisherDrained:
                Report(publishesConfirmed: true);
                break;
            case DrainMessage.HardStop:
                AskForAbandoned();
                break;
            case DrainMessage.Abandoned abandoned:
                _fates.AddRange(abandoned.Fates);
                if (_undrained.Remove(abandoned.Runner) && _undrained.Count == 0)
                {
                    Report(publishesConfirmed: false);
                }

                break;
        }
    }

    protected override void Stopped() => Report(publishesConfirmed: false);

    private void Begin(DrainMessage.Begin begin)
    {
        _report = begin.Report;
        _startedAt = Context.Clock.GetTimestamp();
        foreach (var runner in runners)
        {
            runner.Tell(new RunnerMessage.Drain(Context.Self));
        }

        if (_isHurried)
        {
            CancelRuns();
        }
        else
        {
            Context.StartTimer("patience", begin.Patience, new DrainMessage.PatienceIsOver());
        }

        AwaitPublisherWhenDrained();
    }

    private void CancelRuns()
    {
        Context.CancelTimer("patience");
        foreach (var runner in runners)
        {
            runner.Tell(new RunnerMessage.CancelRuns());
        }

        Context.StartTimer("hard stop", (2 * engine.Options.CancelGrace) + TimeSpan.FromSeconds(1),
            new DrainMessage.HardStop());
    }

    private void AwaitPublisherWhenDrained()
    {
        if (_undrained.Count == 0)
        {
            publisher.Tell(new PublisherMessage.Drain(Context.Self));
        }
    }

    /// <summary>Which jobs still run can only be said by their runners; they answer at once.</summary>
    private void AskForAbandoned()
    {
        foreach (var runner in _undrained)
        {
            runner.Tell(new RunnerMessage.GiveUp(Context.Self));
        }

        if (_undrained.Count == 0)
        {
            Report(publishesConfirmed: false);
        }
    }

    private void Report(bool publishesConfirmed)
    {
        _report?.TrySetResult(new DrainReport(
            [.. _fates], Context.Clock.GetElapsedTime(_startedAt), publishesConfirmed));
    }
}
