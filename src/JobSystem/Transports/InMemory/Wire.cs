namespace JobSystem.Transports.InMemory;

/// <summary>
/// One direction of a channel: carries frames in order, one at a time, some time later, and on no lock. What
/// is on its way when it is cut is lost, as on a real wire: acks and publishes that never arrive, confirms
/// and deliveries that are never told.
/// Owns: the frames on their way. Ends: when it is cut; only the last frame given then is still carried.
/// </summary>
internal sealed class Wire
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _frames = new();
    private readonly Action<Action> _post;
    private readonly Action? _turnEnded;
    private readonly Action _turn;
    private readonly int _framesPerTurn;
    private bool _turnIsDue;
    private bool _isCut;

    /// <param name="post">Runs a turn later, never at once.</param>
    /// <param name="framesPerTurn">At most so many frames are carried in one turn.</param>
    /// <param name="turnEnded">Told after the last frame of each turn.</param>
    public Wire(Action<Action> post, int framesPerTurn, Action? turnEnded = null)
    {
        _post = post;
        _framesPerTurn = framesPerTurn;
        _turnEnded = turnEnded;
        _turn = Turn;
    }

    /// <summary>Puts a frame on its way. Nothing happens on a wire that was cut.</summary>
    public void Send(Action frame)
    {
        lock (_gate)
        {
            if (_isCut)
            {
                return;
            }

            Add(frame);
        }
    }

    /// <summary>
    /// Loses what is on its way and takes no more; <paramref name="last"/> is still carried.
    /// </summary>
    public void Cut(Action? last = null)
    {
        lock (_gate)
        {
            if (_isCut)
            {
                return;
            }

            _isCut = true;
            _frames.Clear();
            if (last is not null)
            {
                Add(last);
            }
        }
    }

    private void Add(Action frame)
    {
        _frames.Enqueue(frame);
        if (!_turnIsDue)
        {
            _turnIsDue = true;
            _post(_turn);
        }
    }

    private void Turn()
    {
        for (var carried = 0; carried < _framesPerTurn && TryNext(out var frame); carried++)
        {
            frame();
        }

        _turnEnded?.Invoke();
        lock (_gate)
        {
            _turnIsDue = _frames.Count > 0;
            if (_turnIsDue)
            {
                _post(_turn);
            }
        }
    }

    private bool TryNext(out Action frame)
    {
        lock (_gate)
        {
            return _frames.TryDequeue(out frame!);
        }
    }
}
