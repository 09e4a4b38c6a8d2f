using System.Globalization;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Runs;

/// <summary>Whether the steady state holds, asked again and again while the load is on.</summary>
internal sealed class SteadyWatch(SteadyPlan plan)
{
    private int _effects;
    private TimeSpan _silentSince;
    private int _worstBacklog;
    private TimeSpan _worstSilence;

    /// <summary>What did not hold, the worst of each kind.</summary>
    public IEnumerable<string> Breaches
    {
        get
        {
            if (plan.Backlog is { } most && _worstBacklog > most)
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"The backlog reached {_worstBacklog} jobs; the steady state allows {most}.");
            }

            if (plan.Silence is { } longest && _worstSilence > longest)
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"No job was finished for {_worstSilence.TotalSeconds:0.0} s; the steady state allows " +
                    $"{longest.TotalSeconds:0.0} s.");
            }
        }
    }

    /// <param name="census">As far as it is known.</param>
    /// <param name="at">Since the load began.</param>
    public void Look(Census census, TimeSpan at)
    {
        _worstBacklog = Math.Max(_worstBacklog, census.Open);
        if (census.Effects != _effects || census.Open == 0)
        {
            (_effects, _silentSince) = (census.Effects, at);
        }

        _worstSilence = at - _silentSince > _worstSilence ? at - _silentSince : _worstSilence;
    }
}
