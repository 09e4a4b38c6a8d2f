using System.Globalization;

namespace JobSystem.Chaos.Loads;

/// <summary>
/// The ids of jobs under test: <c>producer-1.1-000017@3f09ac21</c>, the life, the number and the run. What is drawn for
/// a job follows from what stands before the run, so that the seed alone decides it. Pure.
/// </summary>
internal static class JobName
{
    private const char OfRun = '@';

    /// <param name="life">Of the producer.</param>
    /// <param name="number">Of the producer's jobs, from 1.</param>
    /// <param name="run">Empty: the id is the same in every run.</param>
    public static JobId Create(string life, int number, string run)
    {
        var seeded = string.Create(CultureInfo.InvariantCulture, $"{life}-{number:000000}");
        return new JobId(run.Length > 0 ? $"{seeded}{OfRun}{run}" : seeded);
    }

    /// <summary>The part that is the same in every run of a seed.</summary>
    public static ReadOnlySpan<char> Seeded(JobId job) => job.Value.IndexOf(OfRun) is var end and > 0
        ? job.Value.AsSpan(0, end)
        : job.Value;
}
