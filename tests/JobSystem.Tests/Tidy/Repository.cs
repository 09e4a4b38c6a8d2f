using System.Xml.Linq;
using Xunit;

namespace JobSystem.Tests.Tidy;

/// <summary>The repository this test was built from: its own files, without what builds leave behind.</summary>
internal static class Repository
{
    private static readonly string[] _places = ["src", "chaos", "samples", "templates", "tests"];

    /// <summary>Where the solution file is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All C# of ours, by its path from the root.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. FilesIn(_places, "*.cs").Select(path => new SourceFile(PathFromRoot(path), File.ReadAllLines(path)))];

    /// <summary>Every project of ours.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
        [.. FilesIn(_places, "*.csproj").Select(path => Project.Read(PathFromRoot(path), XDocument.Load(path)))];

    /// <summary>All that a project refers to, and what those refer to.</summary>
    public static IReadOnlyList<Project> SeenBy(Project project)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(project.Projects);
        while (next.TryDequeue(out var name))
        {
            if (seen.Add(name))
            {
                Projects.Single(each => each.Name == name).Projects.ToList().ForEach(next.Enqueue);
            }
        }

        return [.. Projects.Where(each => seen.Contains(each.Name))];
    }

    public static IEnumerable<SourceFile> SourcesIn(string place) =>
        Sources.Where(file => file.Path.StartsWith($"{place}/", StringComparison.Ordinal));

    /// <summary>Fails with every violation, one a line, so that one run shows them all.</summary>
    public static void AssertNone(string rule, IEnumerable<string> violations)
    {
        var all = violations.ToList();
        Assert.True(all.Count == 0, $"{rule}\n{string.Join("\n", all)}");
    }

    private static IEnumerable<string> FilesIn(string[] places, string pattern) => places
        .Select(place => Path.Combine(Root, place))
        .Where(Directory.Exists)
        .SelectMany(place => Directory.EnumerateFiles(place, pattern, SearchOption.AllDirectories))
        .Where(path => !IsBuilt(path))
        .Order(StringComparer.Ordinal);

    private static bool IsBuilt(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts");

    private static string PathFromRoot(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "JobSystem.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException($"There is no JobSystem.sln above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}

/// <summary>One file of C#.</summary>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>Its lines as <c>path:number: text</c>, where they are of interest.</summary>
    public IEnumerable<string> Where(Func<string, bool> isOfInterest) => Lines
        .Select((text, index) => (Text: text, Number: index + 1))
        .Where(line => isOfInterest(line.Text))
        .Select(line => $"{Path}:{line.Number}: {line.Text.Trim()}");
}

/// <summary>What a project refers to.</summary>
internal sealed record Project(
    string Name, string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public bool IsProgram { get; private init; }

    /// <summary>Who may see what it keeps to itself.</summary>
    public IReadOnlyList<string> Friends { get; private init; } = [];

    public static Project Read(string path, XDocument xml) => new(
        System.IO.Path.GetFileNameWithoutExtension(path),
        path,
        [.. Includes(xml, "ProjectReference")
            .Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
        [.. Includes(xml, "PackageReference")])
    {
        IsProgram = xml.Descendants("OutputType").Any(type => type.Value == "Exe"),
        Friends = [.. Includes(xml, "InternalsVisibleTo")],
    };

    private static IEnumerable<string> Includes(XDocument xml, string element) => xml.Descendants(element)
        .Select(reference => reference.Attribute("Include")?.Value)
        .OfType<string>();
}
