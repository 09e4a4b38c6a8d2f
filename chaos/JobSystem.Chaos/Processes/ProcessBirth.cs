using System.Globalization;

namespace JobSystem.Chaos.Processes;

/// <summary>
/// When a process was started, in clock ticks since the machine was: with its id it names one process for good, for an
/// id alone is given to others after a while. A zombie is dead: who reaps it, and when, does not matter.
/// </summary>
internal static class ProcessBirth
{
    // After the name in parentheses, which may hold anything: the state, and 19 words later the time.
    private const int TimeAfterState = 19;

    /// <returns>Null for a process that does not live.</returns>
    public static long? Of(int pid)
    {
        try
        {
            return In(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static long? In(string stat)
    {
        var words = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > TimeAfterState && words[0] != "Z"
            && long.TryParse(words[TimeAfterState], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                ? ticks
                : null;
    }
}
