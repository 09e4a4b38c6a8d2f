using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace JobSystem.Packaging.Tests.Packages;

/// <summary>What is in the packages.</summary>
[Collection(OfPackages.Name)]
public sealed class PackageTests(PackageFeed feed)
{
    private const string Tools = "tools/net10.0/any";

    private static readonly string[] _libraries =
        ["JobSystem", "JobSystem.RabbitMq", "JobSystem.Sqlite", "JobSystem.TestKit"];

    private static readonly string[] _all =
        [.. _libraries, "JobSystem.Chaos", "JobSystem.Chaos.Cli", "JobSystem.Cli", "JobSystem.Templates"];

    public static TheoryData<string> Libraries() => [.. _libraries];

    public static TheoryData<string> All() => [.. _all];

    [Fact]
    public void Exactly_what_is_meant_for_users_is_packed()
    {
        var expected = _all.Select(id => $"{id}.{PackageFeed.Version}.nupkg");

        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(feed.Folder, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(All))]
    public void A_package_has_its_licence_its_readme_and_says_what_it_is(string id)
    {
        using var package = ZipFile.OpenRead(feed.PathOf(id));
        var about = About(package);

        Assert.Equal("Apache-2.0", about("license"));
        Assert.NotNull(package.GetEntry(about("readme") ?? "none"));
        Assert.True(about("description")?.Length > 40, about("description"));
        Assert.NotEmpty(about("tags") ?? "");
        Assert.Null(about("projectUrl"));
    }

    [Theory, MemberData(nameof(Libraries))]
    public void A_library_has_its_documentation_and_its_symbols(string id)
    {
        using var package = ZipFile.OpenRead(feed.PathOf(id));
        using var symbols = ZipFile.OpenRead(feed.PathOf(id, "snupkg"));

        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
        Assert.True(package.GetEntry($"lib/net10.0/{id}.xml")?.Length > 1000);
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{id}.pdb"));
    }

    [Fact]
    public void The_library_of_chaos_brings_the_program_that_it_starts()
    {
        using var package = ZipFile.OpenRead(feed.PathOf("JobSystem.Chaos"));

        string[] files = ["chaos.dll", "chaos.pdb", "chaos.xml", "JobSystem.Chaos.dll", "JobSystem.Terminal.dll"];
        foreach (var file in files)
        {
            Assert.NotNull(package.GetEntry($"lib/net10.0/{file}"));
        }

        Assert.DoesNotContain(package.Entries, entry => entry.Name is "JobSystem.dll" or "JobSystem.Chaos.Package.dll");
    }

    [Theory]
    [InlineData("JobSystem.Cli", "jobs")]
    [InlineData("JobSystem.Chaos.Cli", "chaos")]
    public void A_tool_brings_its_command_and_the_native_library_of_every_desktop_and_server(string id, string command)
    {
        using var package = ZipFile.OpenRead(feed.PathOf(id));
        using var settings = package.GetEntry($"{Tools}/DotnetToolSettings.xml")!.Open();

        Assert.Equal(command, XDocument.Load(settings).Descendants("Command").Single().Attribute("Name")?.Value);
        Assert.NotNull(package.GetEntry($"{Tools}/{command}.dll"));
        foreach (var native in (string[])["linux-x64/native/libe_sqlite3.so", "win-x64/native/e_sqlite3.dll"])
        {
            Assert.NotNull(package.GetEntry($"{Tools}/runtimes/{native}"));
        }

        Assert.DoesNotContain(
            package.Entries, entry => entry.FullName.Contains("/runtimes/ios", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("experiments")]
    [InlineData("schemas")]
    [InlineData("controls")]
    public void The_tool_chaos_brings_every_file_that_it_reads(string folder)
    {
        using var package = ZipFile.OpenRead(feed.PathOf("JobSystem.Chaos.Cli"));
        var prefix = $"{Tools}/{folder}/";

        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf($"chaos/{folder}")).Select(Path.GetFileName).Order(),
            package.Entries.Where(entry => entry.FullName.StartsWith(prefix, StringComparison.Ordinal))
                .Select(entry => (string?)entry.Name).Order());
    }

    private static Func<string, string?> About(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))
            .Open();
        var nuspec = XDocument.Load(stream);
        return name => nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
    }
}
