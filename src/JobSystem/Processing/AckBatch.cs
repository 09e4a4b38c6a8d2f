namespace JobSystem.Processing;

/// <summary>
/// Which tags of a channel are out, and which of them have finished. Where the oldest ones have finished in a row,
/// one ack "up to this tag" serves them all; a tag behind a still running one is acked alone: it must not wait for a
/// neighbour to end. Tags grow (AMQP 0-9-1, section 1.8.3.12: ack-multiple means all up to and including).
/// Bounded by a few times what is out, however long the oldest of them runs.
/// </summary>
internal sealed class AckBatch
{
    private const int MaxRemembered = 64;

    private readonly Queue<ulong> _inOrder = new();
    private readonly HashSet<ulong> _out = [];
    private readonly List<ulong> _finished = [];

    public int Outstanding => _out.Count;

    /// <summary>Finished and not acked.</summary>
    public int Finished => _finished.Count;

    /// <summary>How many tags are remembered to know the order.</summary>
    public int Remembered => _inOrder.Count;

    public void Add(ulong tag)
    {
        _out.Add(tag);
        _inOrder.Enqueue(tag);
    }

    public void Finish(ulong tag)
    {
        if (_out.Remove(tag))
        {
            _finished.Add(tag);
        }
    }

    /// <summary>It was settled otherwise.</summary>
    public void Forget(ulong tag) => _out.Remove(tag);

    /// <summary>Hands what has finished to <paramref name="ack"/>: those in a row as one.</summary>
    /// <param name="ack">(tag, multiple)</param>
    /// <param name="alone">Also those behind a still running one, each alone; else they go on waiting for it.</param>
    public void Flush(Action<ulong, bool> ack, bool alone = true)
    {
        if (_finished.Count == 0)
        {
            return;
        }

        // Everything before the oldest tag that is still out is settled.
        ulong settledUpTo = 0;
        while (_inOrder.TryPeek(out var oldest) && !_out.Contains(oldest))
        {
            settledUpTo = _inOrder.Dequeue();
        }

        ulong last = 0;
        var (inRow, kept) = (0, 0);
        for (var index = 0; index < _finished.Count; index++)
        {
            var tag = _finished[index];
            if (tag <= settledUpTo)
            {
                inRow++;
                last = Math.Max(last, tag);
            }
            else if (alone)
            {
                ack(tag, false);
            }
            else
            {
                _finished[kept++] = tag;
            }
        }

        if (inRow > 0)
        {
            ack(last, inRow > 1);
        }

        _finished.RemoveRange(kept, _finished.Count - kept);
        ForgetAcked();
    }

    /// <summary>Behind a long job others come and go: their tags must not pile up until it has ended.</summary>
    private void ForgetAcked()
    {
        if (_inOrder.Count < MaxRemembered || _inOrder.Count < 4 * _out.Count)
        {
            return;
        }

        for (var left = _inOrder.Count; left > 0; left--)
        {
            var tag = _inOrder.Dequeue();
            if (_out.Contains(tag))
            {
                _inOrder.Enqueue(tag);
            }
        }
    }
}
