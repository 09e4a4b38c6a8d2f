namespace JobSystem.Actors;

/// <summary>At most <paramref name="Max"/> restarts within a time; the next failure escalates.</summary>
/// <param name="Max">Restarts allowed; 0 allows none.</param>
/// <param name="Within">The sliding time they are counted in.</param>
public sealed record RestartBudget(int Max, TimeSpan Within);

/// <summary>The pause before a restart: it doubles with each restart within the budget's time.</summary>
/// <param name="Min">The first pause; zero restarts at once, always.</param>
/// <param name="Max">The longest pause.</param>
public sealed record RestartBackoff(TimeSpan Min, TimeSpan Max)
{
    /// <summary>
    /// A random pause between <see cref="Min"/> and the doubled one, so that many do not return together.
    /// </summary>
    /// <param name="restarts">Restarts before this one, within the budget's time.</param>
    /// <param name="random">Where the jitter comes from.</param>
    public TimeSpan Delay(int restarts, Random random)
    {
        double ceiling = Math.Min(Max.Ticks, Min.Ticks * Math.Pow(2, Math.Min(restarts, 62)));
        double spread = Math.Max(0, ceiling - Min.Ticks);
        return Min + TimeSpan.FromTicks((long)(spread * random.NextDouble()));
    }
}

/// <summary>When an actor (or, all for one, a group of siblings) was restarted lately. Immutable.</summary>
public sealed class RestartHistory
{
    private readonly DateTimeOffset[] _restarts;

    private RestartHistory(DateTimeOffset[] restarts) => _restarts = restarts;

    /// <summary>No restart yet.</summary>
    public static RestartHistory Empty { get; } = new([]);

    /// <summary>The restarts it remembers, oldest first: never more than the budget allows.</summary>
    public IReadOnlyList<DateTimeOffset> Restarts => _restarts;

    /// <summary>Only the restarts within the last <paramref name="within"/>.</summary>
    public RestartHistory Since(DateTimeOffset now, TimeSpan within) =>
        _restarts.Length == 0 ? this : new([.. _restarts.Where(restart => now - restart < within)]);

    /// <summary>The history with one more restart.</summary>
    public RestartHistory With(DateTimeOffset restart) => new([.. _restarts, restart]);
}
