namespace JobSystem;

/// <summary>
/// When a failed job runs again: exponential back-off with jitter, up to a number of attempts. Pure: the
/// jitter's draw is an argument, so a schedule can be asserted exactly.
/// </summary>
public sealed record RetryPolicy
{
    /// <summary>Runs in all, the first included. Default 8; 1 means no retry.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Delay after the first failed run, before jitter. Default 5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What each further failure multiplies the delay by. Default 2; 1 means a constant delay.
    /// </summary>
    public double Factor { get; init; } = 2;

    /// <summary>No delay is longer. Default 1 h.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Which part of the delay is drawn by chance, 0 to 1. Default 0.5: between half of the delay and the
    /// whole of it, so that jobs which failed together do not come back together.
    /// </summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>Is another run allowed after the <paramref name="attempt"/>th one failed?</summary>
    public bool AllowsAnother(int attempt) => attempt < MaxAttempts;

    /// <summary>The delay after the <paramref name="attempt"/>th run (from 1) failed.</summary>
    /// <param name="draw">0 (inclusive) to 1 (exclusive).</param>
    public TimeSpan DelayAfter(int attempt, double draw)
    {
        // In ticks of double: whatever the attempt, infinity is capped; zero times infinity is no number at
        // all.
        var grown = FirstDelay.Ticks * Math.Pow(Factor, Math.Max(0, attempt - 1));
        var capped = double.IsNaN(grown) ? 0 : Math.Min(grown, MaxDelay.Ticks);
        return new TimeSpan((long)(capped * (1 - (Jitter * draw))));
    }
}

/// <summary>The usual retry policies by name.</summary>
public static class Retry
{
    /// <summary>One run, no retry: the first failure is the end.</summary>
    public static RetryPolicy None { get; } = new() { MaxAttempts = 1 };

    /// <summary>
    /// 5 s, 10 s, 20 s ... up to 1 h, with half of it by chance; 8 attempts, about 10 minutes in all.
    /// </summary>
    public static RetryPolicy Exponential(int maxAttempts = 8, TimeSpan? first = null, TimeSpan? max = null) => new()
    {
        MaxAttempts = maxAttempts,
        FirstDelay = first ?? TimeSpan.FromSeconds(5),
        MaxDelay = max ?? TimeSpan.FromHours(1),
    };

    /// <summary>The same delay each time, without jitter.</summary>
    public static RetryPolicy Every(TimeSpan delay, int maxAttempts = 8) => new()
    {
        MaxAttempts = maxAttempts,
        FirstDelay = delay,
        MaxDelay = delay,
        Factor = 1,
        Jitter = 0,
    };
}
