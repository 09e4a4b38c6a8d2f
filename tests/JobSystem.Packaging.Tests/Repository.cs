namespace JobSystem.Packaging.Tests;

/// <summary>The repository this test was built from, and what its build has made.</summary>
internal static class Repository
{
    private static readonly DirectoryInfo _output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>Where the solution file is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Release, or debug: as the tests were built.</summary>
    public static string Configuration => _output.Name;

    /// <param name="path">From the root.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>A program of the build.</summary>
    public static string Program(string project, string? name = null) =>
        PathOf(Path.Combine("artifacts", "bin", project, Configuration, name ?? project));

    private static string FindRoot()
    {
        var folder = _output;
        while (!File.Exists(Path.Combine(folder.FullName, "JobSystem.sln")))
        {
            folder = folder.Parent
                ?? throw new InvalidOperationException($"There is no JobSystem.sln above {_output.FullName}.");
        }

        return folder.FullName;
    }
}
