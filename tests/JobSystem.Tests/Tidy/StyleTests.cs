using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace JobSystem.Tests.Tidy;

/// <summary>The house style, where a machine can see it. The reasons are in ARCHITECTURE.md.</summary>
public sealed partial class StyleTests
{
    private const int MaxLinesOfAFile = 400;

    /// <summary>In two halves: or this file would break its own rule.</summary>
    private static readonly string[] _unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "XX" + "X:"];

    private static readonly string[] _sleeps = ["Thread" + ".Sleep", "SpinWait" + ".SpinUntil"];

    [Fact]
    public void The_repository_is_the_right_one() => Assert.Contains(
        Repository.Sources, file => file.Path == "tests/JobSystem.Tests/Tidy/StyleTests.cs");

    [Fact]
    public void No_file_is_too_long() => Repository.AssertNone(
        $"A file is one noun of at most {MaxLinesOfAFile} lines.",
        Repository.Sources
            .Where(file => file.Lines.Count > MaxLinesOfAFile)
            .Select(file => $"{file.Path}: {file.Lines.Count} lines"));

    [Fact]
    public void No_line_is_too_long()
    {
        var longest = LongestLine();
        Repository.AssertNone(
            $"A line has at most {longest} characters.",
            Repository.Sources.SelectMany(file => file.Where(line => line.Length > longest)));
    }

    [Fact]
    public void Nothing_is_left_for_later() => Repository.AssertNone(
        "What is not done is an issue, not a comment.",
        Repository.Sources.SelectMany(file => file.Where(
            line => _unfinished.Any(word => line.Contains(word, StringComparison.Ordinal)))));

    [Fact]
    public void No_type_is_named_after_nothing() => Repository.AssertNone(
        "A name that fits everything says nothing.",
        Repository.Sources.SelectMany(file => file.Where(line => MeaninglessName().IsMatch(line))));

    [Fact]
    public void No_test_sleeps() => Repository.AssertNone(
        "A test waits for a signal, or on a clock of its own: never for time to pass.",
        Repository.SourcesIn("tests").Where(file => !IsBenchmark(file)).SelectMany(file => file.Where(
            line => _sleeps.Any(word => line.Contains(word, StringComparison.Ordinal)) || SleepsOnTheWall(line))));

    [Fact]
    public void Every_file_says_what_it_is_for() => Repository.AssertNone(
        "The first type of a file opens with a summary: what it owns, receives, promises, what ends it.",
        Repository.SourcesIn("src").Where(LacksCharter).Select(file => file.Path));

    [Fact]
    public void Every_test_is_a_sentence() => Repository.AssertNone(
        "The name of a test is the sentence that it proves.",
        Tests.SelectMany(NamesOfTests)
            .Where(test => !Sentence().IsMatch(test.Name))
            .Select(test => $"{test.Path}: {test.Name}"));

    [Fact]
    public void Every_class_of_tests_is_named_after_its_thing() => Repository.AssertNone(
        "Tests of a Thing are ThingTests; those for many implementations are a Contract.",
        Tests
            .Where(file => NamesOfTests(file).Any())
            .Select(file => file.Path)
            .Where(path => !TestFile().IsMatch(Path.GetFileName(path))));

    /// <summary>Those that users take for models, too.</summary>
    private static IEnumerable<SourceFile> Tests =>
        ((string[])["samples", "templates", "tests"]).SelectMany(Repository.SourcesIn);

    private static int LongestLine()
    {
        var setting = File.ReadLines(Path.Combine(Repository.Root, ".editorconfig"))
            .Single(line => line.StartsWith("max_line_length", StringComparison.Ordinal));
        return int.Parse(setting.Split('=')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Time is what a benchmark measures.</summary>
    private static bool IsBenchmark(SourceFile file) =>
        file.Path.StartsWith("tests/JobSystem.Benchmarks/", StringComparison.Ordinal);

    /// <summary>A delay is no sleep where it is on a clock that the test turns.</summary>
    private static bool SleepsOnTheWall(string line) =>
        line.Contains("Task" + ".Delay(", StringComparison.Ordinal)
        && !line.Contains("clock", StringComparison.OrdinalIgnoreCase)
        && !line.Contains("Simulation.Time", StringComparison.Ordinal);

    private static bool LacksCharter(SourceFile file)
    {
        var index = file.Lines.ToList().FindIndex(line => TypeDeclaration().IsMatch(line));
        while (index > 0 && IsBetweenCharterAndType(file.Lines[index - 1]))
        {
            index--;
        }

        return index > 0 && !file.Lines[index - 1].StartsWith("///", StringComparison.Ordinal);
    }

    private static bool IsBetweenCharterAndType(string line) =>
        line.StartsWith('[') || line.StartsWith("#pragma", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Name)> NamesOfTests(SourceFile file)
    {
        for (var index = 1; index < file.Lines.Count; index++)
        {
            var before = file.Lines[index - 1].Trim();
            var isTest = before.StartsWith("[Fact", StringComparison.Ordinal)
                || before.StartsWith("[InlineData", StringComparison.Ordinal)
                || before.StartsWith("[MemberData", StringComparison.Ordinal);
            if (isTest && MethodDeclaration().Match(file.Lines[index]) is { Success: true } method)
            {
                yield return (file.Path, method.Groups["name"].Value);
            }
        }
    }

    [GeneratedRegex(
        @"\b(class|record|struct|interface|enum)\s+\w*(Manager|Helpers?|Utils?|Utility|Impl|Common|Misc)\b")]
    private static partial Regex MeaninglessName();

    [GeneratedRegex(@"^(public|internal|file)\s+[\w\s]*\b(class|record|struct|interface|enum|delegate)\b")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^    public (?:virtual |static |override |async )*(?:void|Task|Verdict) (?<name>\w+)\(")]
    private static partial Regex MethodDeclaration();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(Tests|Contract)(\.\w+)?\.cs$")]
    private static partial Regex TestFile();
}
