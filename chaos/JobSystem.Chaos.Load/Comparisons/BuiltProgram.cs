using System.Diagnostics;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Load.Comparisons;

/// <summary>A build of this program, of whatever version.</summary>
/// <param name="Name"><c>A</c> or <c>B</c>.</param>
/// <param name="Path">The file that is run.</param>
internal sealed record BuiltProgram(string Name, string Path)
{
    private static readonly string[] _places =
    [
        "chaos", "chaos.dll", "release/chaos",
        "artifacts/bin/JobSystem.Chaos.Cli/release/chaos", "artifacts/bin/JobSystem.Chaos.Cli/debug/chaos",
        "artifacts/bin/JobSystem.Chaos/release/chaos", "artifacts/bin/JobSystem.Chaos/debug/chaos", // where it was
    ];

    /// <param name="name"><c>A</c> or <c>B</c>.</param>
    /// <param name="path">The program, its folder, or a clone of the repository in which it was built.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static BuiltProgram Find(string name, string path)
    {
        var file = File.Exists(path)
            ? path
            : _places.Select(place => System.IO.Path.Combine(path, place)).FirstOrDefault(File.Exists);
        return file is not null
            ? new BuiltProgram(name, System.IO.Path.GetFullPath(file))
            : throw new UsageException($"{name}: there is no chaos program at '{path}' (a file, its folder, or a " +
                "clone in which it was built).");
    }

    public ProcessStartInfo ToStart(params IEnumerable<string> arguments) =>
        new(IsLibrary ? "dotnet" : Path, IsLibrary ? ["exec", Path, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private bool IsLibrary => Path.EndsWith(".dll", StringComparison.Ordinal);
}
