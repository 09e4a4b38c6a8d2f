namespace JobSystem.RabbitMq;

/// <summary>
/// Tells a listener one thing at a time, from whatever thread, and its end once and last. The client library
/// calls back from several threads; the seam promises the listener that it need not care.
/// </summary>
internal sealed class Voice<TListener>(TListener listener)
{
    private readonly Lock _gate = new();
    private bool _silent;

    /// <summary>Tells it, unless the last word was said.</summary>
    public void Tell<TWord>(TWord word, Action<TListener, TWord> tell)
    {
        lock (_gate)
        {
            if (!_silent)
            {
                tell(listener, word);
            }
        }
    }

    /// <summary>Tells the last word. False: it was said before.</summary>
    public bool End<TWord>(TWord word, Action<TListener, TWord> tell)
    {
        lock (_gate)
        {
            if (_silent)
            {
                return false;
            }

            _silent = true;
            tell(listener, word);
            return true;
        }
    }

    /// <summary>Says nothing any more. When this returns, no call is under way.</summary>
    public void Silence()
    {
        lock (_gate)
        {
            _silent = true;
        }
    }
}
