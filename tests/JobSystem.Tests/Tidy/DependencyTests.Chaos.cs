using Xunit;

namespace JobSystem.Tests.Tidy;

// What proves the promise knows as little as it can of what it proves, and no program is a library for another.
public sealed partial class DependencyTests
{
    [Fact]
    public void What_judges_a_run_refers_to_the_words_for_jobs_and_to_no_broker()
    {
        var verification = ProjectOf("JobSystem.Chaos.Verification");

        Assert.Equal(["JobSystem"], verification.Projects);
        Assert.Equal(["System.IO.Hashing"], verification.Packages);
        Repository.AssertNone(
            "The checker sees histories: no broker, no engine, no process.",
            Repository.SourcesIn("chaos/JobSystem.Chaos.Verification").SelectMany(file => file.Where(
                line => line.StartsWith("using Akka", StringComparison.Ordinal)
                    || line.StartsWith("using Microsoft", StringComparison.Ordinal)
                    || (line.StartsWith("using JobSystem.", StringComparison.Ordinal)
                        && !line.StartsWith($"using {verification.Name}.", StringComparison.Ordinal)))));
    }

    [Fact]
    public void The_proxy_refers_to_no_project()
    {
        var proxy = ProjectOf("JobSystem.Chaos.Proxy");

        Assert.Empty(proxy.Projects);
        Assert.Equal(["System.IO.Hashing"], proxy.Packages);
    }

    [Fact]
    public void Chaos_knows_the_jobs_program_as_everybody_does_from_outside()
    {
        Repository.AssertNone(
            "What both programs need is in src/JobSystem.Terminal.",
            Repository.Projects.Where(IsOfChaos)
                .Where(project => Repository.SeenBy(project).Any(seen => seen.Name == "JobSystem.Cli"))
                .Select(project => project.Path));
        Repository.AssertNone(
            "A program keeps its inside to itself and to tests.",
            Repository.Projects.Where(project => project.IsProgram).SelectMany(project => project.Friends
                .Where(friend => !IsTest(friend))
                .Select(friend => $"{project.Path}: {friend}")));
    }

    [Fact]
    public void A_library_refers_to_no_program() => Repository.AssertNone(
        "Programs are started, by whoever refers to them; libraries and test kits are for all.",
        Repository.Projects
            .Where(project => !project.IsProgram && !IsPackage(project)
                && !project.Name.EndsWith(".Tests", StringComparison.Ordinal))
            .SelectMany(project => Repository.SeenBy(project)
                .Where(seen => seen.IsProgram)
                .Select(seen => $"{project.Path}: {seen.Name}")));

    [Fact]
    public void The_product_refers_to_no_chaos() => Repository.AssertNone(
        "What is proven does not know what proves it.",
        Repository.Projects
            .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal))
            .Where(project => project.Projects.Any(name => IsOfChaos(ProjectOf(name))))
            .Select(project => project.Path));

    [Theory]
    [InlineData("Spectre.Console", "JobSystem.Cli")]
    [InlineData(
        "System.CommandLine", "JobSystem.Benchmarks", "JobSystem.Chaos.Cli", "JobSystem.Cli", "JobSystem.Terminal")]
    public void Screens_and_command_lines_are_for_programs(string package, params string[] seers) => Assert.Equal(
        seers,
        Repository.Projects
            .Where(project => project.Packages.Contains(package) && !IsPackage(project))
            .Select(project => project.Name)
            .Order(StringComparer.Ordinal));

    private static bool IsOfChaos(Project project) => project.Path.StartsWith("chaos/", StringComparison.Ordinal);

    // It has no code: it puts the library and the program that the library starts into one package.
    private static bool IsPackage(Project project) => project.Name == "JobSystem.Chaos.Package";

    private static bool IsTest(string name) =>
        name.EndsWith("Tests", StringComparison.Ordinal) || name == "JobSystem.Benchmarks";
}
