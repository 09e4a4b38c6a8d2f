namespace JobSystem.Chaos.Loads;

/// <summary>
/// When each job of one producer is due, since the load began: drawn from the plan and the seed alone, so a producer
/// that was killed goes on where it was, and what it missed meanwhile is late. Pure.
/// </summary>
internal static class LoadSchedule
{
    /// <param name="plan">Of all producers together.</param>
    /// <param name="producer">Which one, from 0.</param>
    /// <param name="producers">How many share the plan.</param>
    /// <param name="seed">For arrivals by chance.</param>
    /// <returns>In order. All zero where the plan is unlimited.</returns>
    public static IEnumerable<TimeSpan> Of(WorkloadPlan plan, int producer, int producers, int seed)
    {
        var share = (plan.Jobs - producer + producers - 1) / producers;
        if (plan.Rate.IsUnlimited)
        {
            return Enumerable.Repeat(TimeSpan.Zero, share);
        }

        // By chance there may be more or fewer than expected; only a plan without an end needs another one.
        return plan.Poisson
            ? Times(plan.Rate, ByChance(new Random(unchecked((seed * 397) ^ producer)), producers))
                .Take(plan.Rate.Length is null ? share : int.MaxValue)
            : Times(plan.Rate, Evenly(producer, producers)).Take(share);
    }

    private static IEnumerable<double> Evenly(int producer, int producers)
    {
        for (var position = (double)producer; ; position += producers)
        {
            yield return position;
        }
    }

    /// <summary>A Poisson process: the gaps are exponentially distributed.</summary>
    private static IEnumerable<double> ByChance(Random random, int producers)
    {
        for (var position = 0.0; ;)
        {
            position -= Math.Log(1 - random.NextDouble()) * producers;
            yield return position;
        }
    }

    /// <param name="plan">Which counts the jobs that are due.</param>
    /// <param name="positions">Growing: how many jobs are due before this one.</param>
    private static IEnumerable<TimeSpan> Times(RatePlan plan, IEnumerable<double> positions)
    {
        using var pieces = plan.Pieces().GetEnumerator();
        var (before, hasPiece) = (0.0, pieces.MoveNext());
        foreach (var position in positions)
        {
            while (hasPiece && position >= before + pieces.Current.Count)
            {
                before += pieces.Current.Count;
                hasPiece = pieces.MoveNext();
            }

            if (!hasPiece)
            {
                yield break;
            }

            yield return TimeSpan.FromSeconds(pieces.Current.Start + pieces.Current.SecondsTo(position - before));
        }
    }
}
