using System.Text.RegularExpressions;
using Xunit;

namespace JobSystem.Tests.Tidy;

// Arrows between the folders of a project run one way. The one list of them is the block in ARCHITECTURE.md that
// begins with the heading below: a folder sees those that stand before it in its line.
public sealed partial class DependencyTests
{
    private const string Heading = "folders, each sees only those before it";

    public static TheoryData<string> Projects() => [.. Lines().Keys];

    [Theory, MemberData(nameof(Projects))]
    public void A_folder_sees_only_those_before_it(string project)
    {
        var order = Lines()[project];
        Repository.AssertNone(
            $"In {project} a folder sees only those before it (ARCHITECTURE.md, \"{Heading}\").",
            Arrows(project)
                .Where(arrow => Array.IndexOf(order, arrow.To) >= Array.IndexOf(order, arrow.From))
                .Select(arrow => $"{arrow.File}: {arrow.From} -> {arrow.To}"));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Every_folder_has_its_place_and_every_place_its_folder(string project)
    {
        var folders = Repository.SourcesIn(project).Select(file => RoomOf(project, Namespace(file))).OfType<string>();

        Assert.Equal(folders.Distinct().Order(), Lines()[project].Order());
    }

    [Fact]
    public void Every_project_with_folders_is_listed()
    {
        string[] places = ["src", "chaos"];
        var projects = Repository.Projects
            .Select(project => Path.GetDirectoryName(project.Path)!.Replace('\\', '/'))
            .Where(path => places.Any(place => path.StartsWith($"{place}/", StringComparison.Ordinal)))
            .Where(path => Repository.SourcesIn(path).Any(file => RoomOf(path, Namespace(file)) is not null));

        Assert.Equal(projects.Order(), Lines().Keys.Order());
    }

    private static IEnumerable<(string File, string From, string To)> Arrows(string project) =>
        from file in Repository.SourcesIn(project)
        let room = RoomOf(project, Namespace(file))
        where room is not null
        from line in file.Lines
        let used = Using().Match(line)
        where used.Success
        let other = RoomOf(project, used.Groups["name"].Value)
        where other is not null && other != room
        select (file.Path, room, other);

    private static string? Namespace(SourceFile file) => file.Lines
        .Select(static line => Declaration().Match(line))
        .FirstOrDefault(static match => match.Success)?.Groups["name"].Value;

    /// <summary>Null: it is the project's own, or another project's.</summary>
    private static string? RoomOf(string project, string? name)
    {
        var owner = Path.GetFileName(project);
        return name is not null && IsBelow(owner, name)
            && !Repository.Projects.Any(
                other => IsBelow(owner, other.Name) && (name == other.Name || IsBelow(other.Name, name)))
            ? name[(owner.Length + 1)..].Split('.')[0]
            : null;
    }

    private static bool IsBelow(string space, string name) =>
        name.StartsWith($"{space}.", StringComparison.Ordinal);

    private static Dictionary<string, string[]> Lines()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "ARCHITECTURE.md"));
        return lines.SkipWhile(static line => line != Heading).Skip(1).TakeWhile(static line => line != "```")
            .Where(static line => line.Length > 0)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(static words => words[0], static words => words[1..]);
    }

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>[\w.]+);$")]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);$")]
    private static partial Regex Declaration();
}
