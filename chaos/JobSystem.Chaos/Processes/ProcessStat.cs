using System.Globalization;
using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Processes;

/// <summary>What the kernel says that a process uses, read from <c>/proc</c>: some ten microseconds a look.</summary>
internal static class ProcessStat
{
    // Of /proc/PID/stat after the state: user and system time, in ticks of which the kernel tells a hundred a second.
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int TicksPerSecond = 100;

    /// <param name="name">Of the process.</param>
    /// <param name="pid">Of the process.</param>
    /// <param name="birth">As <see cref="ProcessBirth"/> gives it: its id may be another's by now.</param>
    /// <returns>Null: it does not live any more.</returns>
    public static HistoryEvent.ProcessSampled? Of(string name, int pid, long birth) =>
        Of(name, pid) is { } sample && ProcessBirth.Of(pid) == birth ? sample : null;

    /// <summary>Of this process, when it ends: the last that will ever be known of it.</summary>
    /// <param name="name">Its name.</param>
    public static HistoryEvent.ProcessSampled? OfSelf(string name) => Of(name, Environment.ProcessId);

    private static HistoryEvent.ProcessSampled? Of(string name, int pid)
    {
        try
        {
            return In(
                name, File.ReadAllText($"/proc/{pid}/stat"), File.ReadAllText($"/proc/{pid}/status"),
                Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static HistoryEvent.ProcessSampled? In(string life, string stat, string status, int handles)
    {
        var words = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = words.Length > SystemTime ? Number(words[UserTime]) + Number(words[SystemTime]) : null;
        return (ticks, Line("VmRSS:"), Line("VmHWM:"), Line("Threads:")) is
            ({ } time, { } memory, { } peak, { } threads)
            ? new HistoryEvent.ProcessSampled(
                life, memory * 1024, peak * 1024, handles, (int)threads,
                TimeSpan.FromTicks(time * (TimeSpan.TicksPerSecond / TicksPerSecond)))
            : null;

        // <c>VmRSS:     40816 kB</c>
        long? Line(string name) => status.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()))
            .FirstOrDefault();
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
