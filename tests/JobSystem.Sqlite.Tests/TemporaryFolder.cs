namespace JobSystem.Sqlite.Tests;

/// <summary>A folder of one test's own, gone after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("jobs-").FullName;

    public string File(string name = "jobs.db") => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
