using System.Globalization;

namespace JobSystem.Cli.Processes;

/// <summary>
/// How many files this process may still open. Commands must not take the last ones: the runtime aborts where it can
/// open none, and a connection to the broker needs one, too.
/// </summary>
internal static class OpenFiles
{
    /// <summary>Left to the runtime and the connections.</summary>
    public const int Reserve = 24;

    private const string Open = "/proc/self/fd";
    private const string Limits = "/proc/self/limits";
    private const string LimitName = "Max open files";

    private static readonly int _max = Directory.Exists(Open) ? MaxOf(File.ReadLines(Limits)) : int.MaxValue;

    /// <summary>True where nobody tells, too.</summary>
    public static bool AreLeft() =>
        _max == int.MaxValue || Directory.EnumerateFileSystemEntries(Open).Count() + Reserve <= _max;

    /// <summary>The soft limit as the kernel lists it; the largest number: there is none. Pure.</summary>
    public static int MaxOf(IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(static line => line.StartsWith(LimitName, StringComparison.Ordinal));
        var words = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words is [var soft, ..]
            && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
                ? most : int.MaxValue;
    }
}
