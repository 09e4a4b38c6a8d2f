using Xunit.Sdk;

namespace JobSystem.Testing.Probes;

/// <summary>
/// Watches over what every listener is promised: one call at a time, the end told once and last.
/// <see cref="Verify"/> tells what was broken.
/// </summary>
public sealed class CallRules(string listener)
{
    private readonly Lock _gate = new();
    private readonly List<string> _broken = [];
    private int _inside;
    private bool _isClosed;

    /// <summary>Wraps one call of the listener.</summary>
    public void Call(string name, Action body, bool isLast = false)
    {
        if (Interlocked.Increment(ref _inside) > 1)
        {
            Broken($"{name} was called while another call was under way");
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                _broken.Add($"{name} was called after OnClosed");
            }

            _isClosed |= isLast;
        }

        body();
        Interlocked.Decrement(ref _inside);
    }

    public void Verify()
    {
        lock (_gate)
        {
            if (_broken.Count > 0)
            {
                throw new XunitException($"{listener}: {string.Join("; ", _broken.Distinct())}.");
            }
        }
    }

    private void Broken(string rule)
    {
        lock (_gate)
        {
            _broken.Add(rule);
        }
    }
}
