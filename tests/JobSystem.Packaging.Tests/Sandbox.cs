using System.Text.Json;

namespace JobSystem.Packaging.Tests;

/// <summary>
/// A folder outside of the clone, as a user has it, in which NuGet finds our packages in a folder and those of others
/// where the build of this repository has put them: nothing is fetched. Removed when disposed of.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private const string Config = "nuget.config";
    private const string Packages = ".packages";
    private const string Theirs = ".theirs";

    public Sandbox(string feed)
    {
        Directory.CreateDirectory(Path.Combine(Folder, Theirs));
        foreach (var package in Directory.EnumerateDirectories(PackagesOfTheBuild()))
        {
            // Where somebody has installed ours, of whatever build, it is not the one to be tried.
            if (!Path.GetFileName(package).StartsWith("jobsystem", StringComparison.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(Path.Combine(Folder, Theirs, Path.GetFileName(package)), package);
            }
        }

        File.WriteAllText(Path.Combine(Folder, Config), $"""
            <configuration>
              <packageSources><clear /><add key="ours" value="{feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="theirs" value="{Theirs}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Its path.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("jobsystem-user-").FullName;

    /// <summary>What the .NET SDK needs to know: no server is left behind, and in a sandbox all its files are there.
    /// </summary>
    public static IEnumerable<(string Name, string Value)> EnvironmentOf(string folder)
    {
        (string, string)[] everywhere =
        [
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
            ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"), ("DOTNET_NOLOGO", "1"),
            ("MSBUILDDISABLENODEREUSE", "1"), ("NO_COLOR", "1"), ("UseSharedCompilation", "false"),
        ];
        return File.Exists(Path.Combine(folder, Config))
            ? [.. everywhere, ("DOTNET_CLI_HOME", folder), ("NUGET_PACKAGES", Path.Combine(folder, Packages))]
            : everywhere;
    }

    public Task<string> DotnetAsync(params IEnumerable<string> arguments) =>
        Command.RunAsync(Folder, Dotnet.Program, arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string PackagesOfTheBuild()
    {
        using var assets = JsonDocument.Parse(
            File.ReadAllText(Repository.PathOf("artifacts/obj/JobSystem/project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }
}

/// <summary>The SDK that runs these tests.</summary>
internal static class Dotnet
{
    public static string Program { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
