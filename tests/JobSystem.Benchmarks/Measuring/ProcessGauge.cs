using System.Globalization;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>
/// Memory and CPU time of a process and its children, as the kernel tells them (<c>/proc</c>). A process that has
/// ended counts nothing.
/// </summary>
internal sealed class ProcessGauge(int process)
{
    // What Linux calls a clock tick is a hundredth of a second on every machine that .NET runs on.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Resident, in bytes.</summary>
    public long Memory => Tree().Sum(MemoryOf);

    /// <summary>User and system time, in steps of 10 ms.</summary>
    public TimeSpan Cpu => Tree().Aggregate(TimeSpan.Zero, (sum, each) => sum + CpuOf(each));

    private static long MemoryOf(int process)
    {
        var line = Read($"/proc/{process}/status").FirstOrDefault(
            each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static TimeSpan CpuOf(int process) =>
        Fields(process) is { Length: > 13 } fields ? _tick * (Number(fields[11]) + Number(fields[12])) : default;

    // By the parents that all processes name: a process' own list of children is not in every kernel.
    private List<int> Tree()
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(id => Fields(id) is { Length: > 1 } fields ? (int)Number(fields[1]) : 0);
        var tree = new List<int> { process };
        for (var index = 0; index < tree.Count; index++)
        {
            tree.AddRange(parents[tree[index]]);
        }

        return tree;
    }

    // After the name, which stands in brackets and may hold anything: state, parent, ...
    private static string[] Fields(int process) =>
        Read($"/proc/{process}/stat") is [var line, ..] ? line[(line.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
