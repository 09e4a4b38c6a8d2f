namespace JobSystem.Chaos.Tests;

/// <summary>The repository this test was built from.</summary>
internal static class Repository
{
    /// <param name="path">From the root.</param>
    public static string PathOf(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "JobSystem.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException($"There is no JobSystem.sln above {AppContext.BaseDirectory}.");
        }

        return Path.Combine(folder, path);
    }
}
