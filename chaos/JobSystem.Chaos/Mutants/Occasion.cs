using JobSystem.Chaos.Failpoints;

namespace JobSystem.Chaos.Mutants;

/// <summary>
/// Says, once a process, that the defect of a mutant had its occasion. A mutant without one was not tried: that it
/// passed says nothing of the judge.
/// </summary>
internal static class Occasion
{
    /// <summary>What it is counted by.</summary>
    public const string Name = "mutant";

    private static int _told;

    public static void Had()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            ControlLines.Tell(FailpointSet.HitWord + Name);
        }
    }
}
