using JobSystem.Transports;
using Microsoft.Extensions.Logging;

namespace JobSystem.Monitoring;

/// <summary>
/// Looks at the queues of this process through the broker's operator interface, at the start and every half minute, and
/// logs what is new: how jobs can be lost, which queue takes no more. Beside the work: no job waits for it, and where
/// nothing answers, that is logged once.
/// </summary>
internal sealed class QueueLookout : IAsyncDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(30);

    private readonly IQueueWatch _watch;
    private readonly IReadOnlyList<string> _queues;
    private readonly ILogger _log;
    private readonly PeriodicTimer _timer;
    private readonly Task _looking;
    private readonly HashSet<QueueTrouble> _told = [];
    private string? _toldNotSeen;
    private volatile bool _isOver;

    public QueueLookout(IQueueWatch watch, IReadOnlyList<string> queues, ILogger log, TimeProvider timeProvider)
    {
        (_watch, _queues, _log) = (watch, queues, log);
        _timer = new PeriodicTimer(_period, timeProvider);
        _looking = LookAsync();
    }

    /// <summary>The queues that took no more when they were looked at last.</summary>
    public IReadOnlyList<QueueTrouble> Blocked { get; private set; } = [];

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        _timer.Dispose();
        _watch.Dispose();
        await _looking;
    }

    private async Task LookAsync()
    {
        do
        {
            try
            {
                Tell(await _watch.LookAsync(_queues));
            }
#pragma warning disable CA1031 // a look beside the work: whatever it meets must not end the looking
            catch (Exception error)
#pragma warning restore CA1031
            {
                TellNotSeen(error.Message);
            }
        }
        while (await _timer.WaitForNextTickAsync());
    }

    private void Tell(QueueSurvey survey)
    {
        if (_isOver)
        {
            return;
        }

        TellNotSeen(survey.NotSeen);
        if (survey is { NotSeen: not null, Troubles: [] })
        {
            return; // what was known is not known to be over
        }

        var before = Blocked;
        var blocked = survey.Troubles.Where(static each => each.Kind == QueueTroubleKind.Blocked).ToList();
        var losses = survey.Troubles.Where(static each => each.Kind == QueueTroubleKind.Loss)
            .DistinctBy(static each => (each.Queue, each.Text));
        Blocked = blocked;
        foreach (var loss in losses.Where(_told.Add))
        {
            _log.Hazard(loss.Queue, loss.Text);
        }

        foreach (var each in blocked.Where(each => before.All(old => old.Queue != each.Queue)))
        {
            _log.QueueBlocked(each.Queue, each.Text);
        }

        foreach (var old in before.Where(old => blocked.TrueForAll(each => each.Queue != old.Queue)))
        {
            _log.QueueUnblocked(old.Queue);
        }

        _told.IntersectWith(survey.Troubles);
    }

    private void TellNotSeen(string? why)
    {
        if (why is not null && why != _toldNotSeen && !_isOver)
        {
            _log.PoliciesNotSeen(why);
        }

        _toldNotSeen = why;
    }
}
