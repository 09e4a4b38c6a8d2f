using JobSystem.Actors;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>
/// The order of shutdown: consumers are cancelled and running jobs go on (1); when the patience is over they are
/// cancelled (2); when every queue is settled the publisher's confirms are awaited (3); then the report is given and
/// the tree is stopped. A step that hangs is cut off: after the patience plus twice the cancel grace the report
/// is given as it is.
/// Ends: with the tree. What asks it is bounded: a few callers, and one fate for each job in hand.
/// </summary>
internal sealed class DrainActor(
    ActorEnvironment environment, JobSystemOptions options, Observation observation,
    IReadOnlyList<Ref<RunnerMessage>> runners, Ref<PublisherMessage> publisher)
    : TypedActor<DrainMessage>(environment)
{
    private readonly List<JobFate> _fates = [];
    private readonly HashSet<Ref<RunnerMessage>> _undrained = [.. runners];
    private readonly List<Ref<DrainReport>> _asked = [];
    private DrainReport? _report;
    private long _startedAt;
    private bool _isHurried;
    private bool _isCancelling;

    protected override void Receive(DrainMessage message)
    {
        switch (message)
        {
            case DrainMessage.Begin begin:
                OnAsked(begin);
                break;
            case DrainMessage.JobDrained drained:
                observation.Log.Drained(drained.Fate.Id, drained.Fate.Queue, drained.Fate.Kind);
                _fates.Add(drained.Fate);
                break;
            case DrainMessage.RunnerDrained drained:
                _undrained.Remove(drained.Runner);
                AwaitPublisherWhenDrained();
                break;
            case DrainMessage.Hurry when _asked.Count == 0:
                _isHurried = true; // the second of two signals may overtake the first
                break;
            case DrainMessage.PatienceIsOver or DrainMessage.Hurry when !_isCancelling:
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

    protected override void PostStop() => Report(publishesConfirmed: false);

    /// <summary>The first who asks begins it; all hear its report.</summary>
    private void OnAsked(DrainMessage.Begin begin)
    {
        _asked.Add(begin.ReplyTo);
        if (_report is not null)
        {
            begin.ReplyTo.Tell(_report);
        }
        else if (_asked.Count == 1)
        {
            Begin(begin);
        }
    }

    private void Begin(DrainMessage.Begin begin)
    {
        _startedAt = Clock.GetTimestamp();
        foreach (var runner in runners)
        {
            runner.Tell(new RunnerMessage.Drain(Self));
        }

        if (_isHurried)
        {
            CancelRuns();
        }
        else
        {
            StartTimer("patience", begin.Patience, new DrainMessage.PatienceIsOver());
        }

        AwaitPublisherWhenDrained();
    }

    private void CancelRuns()
    {
        Timers.Cancel("patience");
        _isCancelling = true; // once: who is in a hurry again must not put off the end
        foreach (var runner in runners)
        {
            runner.Tell(new RunnerMessage.CancelRuns());
        }

        StartTimer("hard stop", (2 * options.CancelGrace) + TimeSpan.FromSeconds(1),
            new DrainMessage.HardStop());
    }

    private void AwaitPublisherWhenDrained()
    {
        if (_undrained.Count == 0)
        {
            publisher.Tell(new PublisherMessage.Drain(Self));
        }
    }

    /// <summary>Which jobs still run can only be said by their runners; they answer at once.</summary>
    private void AskForAbandoned()
    {
        foreach (var runner in _undrained)
        {
            runner.Tell(new RunnerMessage.GiveUp(Self));
        }

        if (_undrained.Count == 0)
        {
            Report(publishesConfirmed: false);
        }
    }

    private void Report(bool publishesConfirmed)
    {
        if (_report is null && _asked.Count > 0)
        {
            _report = new DrainReport([.. _fates], Clock.GetElapsedTime(_startedAt), publishesConfirmed);
            _asked.ForEach(asked => asked.Tell(_report));
        }
    }
}
