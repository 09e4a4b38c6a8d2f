using Xunit;

namespace JobSystem.Tests.Tidy;

/// <summary>Who may know whom. A project exists only where such a rule does.</summary>
public sealed partial class DependencyTests
{
    [Fact]
    public void The_product_refers_to_Akka_and_to_abstractions_only()
    {
        var product = ProjectOf("JobSystem");

        Assert.Empty(product.Projects);
        Assert.DoesNotContain(product.Packages, package =>
            package is not ("Akka" or "Akka.Hosting")
            && !package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("src/JobSystem.RabbitMq")]
    [InlineData("src/JobSystem.Sqlite")]
    [InlineData("src/JobSystem.Cli")]
    [InlineData("src/JobSystem.Terminal")]
    [InlineData("src/JobSystem/Jobs")]
    [InlineData("src/JobSystem/Handlers")]
    [InlineData("src/JobSystem/Transports")]
    public void A_transport_a_job_and_a_handler_know_no_actors(string place) => Repository.AssertNone(
        "Only the engine and its hosting see Akka.",
        Repository.SourcesIn(place).SelectMany(file => file.Where(
            line => line.StartsWith("using Akka", StringComparison.Ordinal)
                || line.StartsWith("using JobSystem.Actors", StringComparison.Ordinal))));

    [Theory]
    [InlineData("JobSystem.RabbitMq", "RabbitMQ.Client")]
    [InlineData("JobSystem.Sqlite", "SQLitePCL")]
    [InlineData("JobSystem.Sqlite", "Microsoft.Data.Sqlite")]
    public void A_library_is_seen_by_one_project_of_the_product_only(string owner, string package)
    {
        var seers = Repository.Projects
            .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal))
            .Where(project => project.Packages.Any(each => each.StartsWith(package, StringComparison.Ordinal)))
            .Select(project => project.Name);
        Assert.DoesNotContain(seers, name => name != owner);

        Repository.AssertNone($"Only {owner} may use {package}.", Repository.SourcesIn("src")
            .Where(file => !file.Path.StartsWith($"src/{owner}/", StringComparison.Ordinal))
            .SelectMany(file => file.Where(
                line => line.StartsWith($"using {package};", StringComparison.Ordinal)
                    || line.StartsWith($"using {package}.", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_transport_refers_to_the_product_only()
    {
        string[] transports = ["JobSystem.RabbitMq", "JobSystem.Sqlite"];

        foreach (var transport in Repository.Projects.Where(project => transports.Contains(project.Name)))
        {
            Assert.Equal(["JobSystem"], transport.Projects);
        }
    }

    [Fact]
    public void The_product_refers_to_no_test() => Repository.AssertNone(
        "What is shipped knows no tests.",
        Repository.Projects
            .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal))
            .Where(project => project.Projects.Any(
                name => name.Contains("Test", StringComparison.Ordinal) || name == "JobSystem.Benchmarks"))
            .Select(project => project.Path));

    [Fact]
    public void The_test_kit_refers_to_the_product_and_to_no_test_framework()
    {
        var kit = ProjectOf("JobSystem.TestKit");

        Assert.Equal(["JobSystem"], kit.Projects);
        Assert.Equal(["Akka"], kit.Packages);
    }

    [Fact]
    public void What_Akka_lacks_knows_no_jobs() => Repository.AssertNone(
        "src/JobSystem/Actors is about actors only.",
        Repository.SourcesIn("src/JobSystem/Actors").SelectMany(file => file.Where(
            line => line.StartsWith("using JobSystem", StringComparison.Ordinal))));

    [Theory]
    [InlineData("src/JobSystem/Processing")]
    [InlineData("src/JobSystem/Transports/InMemory")]
    public void What_is_simulated_starts_nothing_behind_the_simulators_back(string place) => Repository.AssertNone(
        "Task.Run and ConfigureAwait(false) leave the simulation.",
        Repository.SourcesIn(place).SelectMany(file => file.Where(
            line => line.Contains("Task.Run(", StringComparison.Ordinal)
                || line.Contains("ConfigureAwait(false)", StringComparison.Ordinal))));

    private static Project ProjectOf(string name) => Repository.Projects.Single(project => project.Name == name);
}
