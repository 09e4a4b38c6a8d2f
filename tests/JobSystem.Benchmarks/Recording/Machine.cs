using System.Globalization;
using System.Runtime.InteropServices;

namespace JobSystem.Benchmarks.Recording;

/// <summary>What was measured on: no name, no path.</summary>
internal static class Machine
{
    /// <summary>In one line.</summary>
    public static string Describe() => string.Join(", ",
        First("/proc/cpuinfo", "model name") ?? "an unknown processor",
        $"{Environment.ProcessorCount} cores",
        $"{MemoryKB() / 1024 / 1024:0} GB of memory",
        First("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    private static double MemoryKB() => double.Parse(
        First("/proc/meminfo", "MemTotal")?.Split(' ')[0] ?? "0", CultureInfo.InvariantCulture);

    // "name : value" and "NAME=value" alike.
    private static string? First(string file, string name) => File.Exists(file)
        ? File.ReadLines(file)
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOfAny([':', '=']) + 1)..].Trim())
            .FirstOrDefault()
        : null;
}
