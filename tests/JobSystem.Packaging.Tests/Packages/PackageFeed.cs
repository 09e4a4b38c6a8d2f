using Xunit;

namespace JobSystem.Packaging.Tests.Packages;

/// <summary>All packages of this build, in a folder of their own: packed once for all tests.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>That of all projects, these tests too.</summary>
    public static string Version { get; } = typeof(PackageFeed).Assembly.GetName().Version!.ToString(3);

    /// <summary>Where they are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("jobsystem-feed-").FullName;

    /// <summary>The path of a package.</summary>
    public string PathOf(string id, string extension = "nupkg") =>
        Path.Combine(Folder, $"{id}.{Version}.{extension}");

    public async Task InitializeAsync() => await Command.RunAsync(
        Repository.Root, Dotnet.Program, "pack", "JobSystem.sln", "--no-build", "--nologo", "--verbosity", "quiet",
        "--configuration", Repository.Configuration, "--output", Folder);

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Tests of this collection share the packages, and the machine: one builds at a time.</summary>
[CollectionDefinition(Name)]
public sealed class OfPackages : ICollectionFixture<PackageFeed>
{
    public const string Name = "packages";
}
