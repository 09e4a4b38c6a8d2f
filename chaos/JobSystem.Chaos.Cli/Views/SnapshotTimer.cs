using JobSystem.Chaos.Runs;

namespace JobSystem.Chaos.Cli.Views;

/// <summary>
/// Asks for a snapshot twice a second and hands it on, with the rates of the last seconds.
/// Promises: one at a time. Ends: when disposed of; nothing is handed on after that.
/// </summary>
internal sealed class SnapshotTimer : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Func<LiveSnapshot> _snapshot;
    private readonly Action<LiveSnapshot, Rates> _show;
    private readonly RateWindow _rates = new();
    private readonly ITimer _timer;
    private bool _isOver;

    public SnapshotTimer(TimeProvider clock, Func<LiveSnapshot> snapshot, Action<LiveSnapshot, Rates> show)
    {
        (_snapshot, _show) = (snapshot, show);
        _timer = clock.CreateTimer(_ => Step(), null, _period, _period);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _timer.Dispose();
    }

    private void Step()
    {
        // A snapshot that takes longer than the period must not let the next ones queue up behind it.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_isOver)
            {
                var now = _snapshot();
                _show(now, _rates.Add(now));
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}

/// <summary>Jobs a second.</summary>
internal readonly record struct Rates(double Offered, double Confirmed, double Finished);

/// <summary>The rates over the last three seconds, so that figures can be read. Pure but for its memory.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan _width = TimeSpan.FromSeconds(3);
    private readonly Queue<LiveSnapshot> _recent = new();

    public Rates Add(LiveSnapshot now)
    {
        _recent.Enqueue(now);
        while (_recent.Count > 2 && now.Elapsed - _recent.Peek().Elapsed > _width)
        {
            _recent.Dequeue();
        }

        var first = _recent.Peek();
        var seconds = (now.Elapsed - first.Elapsed).TotalSeconds;
        return seconds <= 0
            ? default
            : new Rates(
                (now.Due - first.Due) / seconds, (now.Confirmed - first.Confirmed) / seconds,
                (now.Finished - first.Finished) / seconds);
    }
}
