using System.Text.Json;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Loads;
using Xunit;

namespace JobSystem.Chaos.Tests.Experiments;

public sealed class ExperimentReaderTests
{
    private const string Least = "name: least\nabout: As little as can be said.\n";

    public static TheoryData<string> Shipped() => [.. ExperimentShelf.Names];

    [Fact]
    public void At_least_twenty_five_experiments_ship() => Assert.True(ExperimentShelf.Names.Count >= 25);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void What_ships_can_be_read_and_planned(string name)
    {
        var experiment = ExperimentShelf.Read(name);

        Assert.Equal(name, experiment.Name);
        Assert.NotEmpty(Schedule.Of(experiment, seed: 1));
    }

    [Fact]
    public void What_is_not_said_is_the_default()
    {
        var experiment = Read(Least);

        Assert.Equal("sqlite", experiment.Target);
        Assert.Equal(new WorkloadPlan(), experiment.Workload);
        Assert.Empty(experiment.Faults);
    }

    [Fact]
    public void What_is_said_counts()
    {
        var experiment = Read(Least + """
            target: "4.3"
            fleet: { workers: 5, heartbeat: 7s }
            workload: { jobs: 9, rate: max, work: 250ms }
            faults:
              - { fault: worker-pause, at: 3s, times: 4, every: 2s, jitter: 1s, for: 9s }
            expect: { dead-letters: [timed-out, worker-lost], duplicates: 5% }
            """);

        Assert.Equal((5, TimeSpan.FromSeconds(7)), (experiment.Fleet.Workers, experiment.Fleet.Heartbeat));
        Assert.Equal((9, RatePlan.Unlimited), (experiment.Workload.Jobs, experiment.Workload.Rate));
        Assert.Equal(Distribution.Constant(250), Assert.Single(experiment.Workload.Mix).Work);
        var fault = Assert.Single(experiment.Faults);
        Assert.Equal(("worker-pause", 4, "9s"), (fault.Fault, fault.Times, fault.Settings["for"]));
        Assert.Equal(["timed-out", "worker-lost"], experiment.Expect.DeadLetters);
        Assert.Equal(0.05, experiment.Expect.Duplicates);
    }

    [Fact]
    public void A_variable_is_put_in_and_may_be_given()
    {
        const string text = Least + "vars: { jobs: 10 }\nworkload: { jobs: \"${jobs}\" }\n";

        Assert.Equal(10, Read(text).Workload.Jobs);
        Assert.Equal(77, ExperimentReader.Read(
            "x.yaml", text, new Dictionary<string, string> { ["jobs"] = "77" }).Workload.Jobs);
    }

    [Theory]
    [InlineData("", "one YAML mapping")]
    [InlineData("about: x", "'name' is missing")]
    [InlineData("name: [a\nabout: b", "x.yaml: it is no YAML")]
    [InlineData("- a", "one YAML mapping")]
    [InlineData(Least + "wrokload: { jobs: 1 }", "x.yaml:3: an experiment has no 'wrokload'")]
    [InlineData(Least + "workload: { jobs: many }", "x.yaml:3: 'jobs' is many, but must be a whole number")]
    [InlineData(Least + "workload: { work: long }", "must be a duration")]
    [InlineData(Least + "fleet: { workers: 0 }", "at least 1")]
    [InlineData(Least + "fleet: 3", "'fleet' must be a mapping")]
    [InlineData(Least + "faults: [{ fault: earthquake }]", "there is no fault 'earthquake'")]
    [InlineData(Least + "faults: [{ fault: worker-kill, for: 3s }]", "the fault 'worker-kill' has no 'for'")]
    [InlineData(Least + "faults: { fault: worker-kill }", "'faults' must be a list")]
    [InlineData(Least + "subject: { ack: never }", "must be one of after, before, auto")]
    [InlineData(Least + "workload: { jobs: \"${jobs}\" }", "names a variable")]
    [InlineData(Least + "nemesis: { times: 3 }", "a nemesis needs faults")]
    public void What_is_wrong_is_told_with_its_line(string text, string problem)
    {
        var error = Assert.Throws<ExperimentException>(() => Read(text));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_the_file_does_not_have_is_an_error() => Assert.Throws<ExperimentException>(
        () => ExperimentReader.Read("x.yaml", Least, new Dictionary<string, string> { ["jobs"] = "1" }));

    [Fact]
    public void The_schema_for_editors_knows_every_key_and_every_fault()
    {
        using var schema = JsonDocument.Parse(
            File.ReadAllText(Repository.PathOf("chaos/schemas/experiment.schema.json")));
        var properties = schema.RootElement.GetProperty("properties");

        Assert.Equal(KeysOf("", "an experiment"), Names(properties));
        foreach (var (part, what) in Parts)
        {
            Assert.Equal(
                KeysOf($"{part}: {{ nonsense: 1 }}\n", what),
                Names(properties.GetProperty(part).GetProperty("properties")));
        }

        Assert.Equal(
            FaultCatalog.All.Select(kind => kind.Name).Order(StringComparer.Ordinal),
            schema.RootElement.GetProperty("$defs").GetProperty("fault").GetProperty("properties")
                .GetProperty("fault").GetProperty("enum").EnumerateArray()
                .Select(name => name.GetString()!).Order(StringComparer.Ordinal));
    }

    private static (string Part, string What)[] Parts =>
    [
        ("fleet", "a fleet"), ("workload", "a workload"), ("queue", "a queue"), ("subject", "a subject"),
        ("steady", "a steady state"), ("expect", "an expectation"),
    ];

    /// <summary>What the reader says it knows, when it is given what it does not.</summary>
    private static IEnumerable<string> KeysOf(string part, string what)
    {
        var text = part.Length > 0 ? Least + part : Least + "nonsense: 1\n";
        var message = Assert.Throws<ExperimentException>(() => Read(text)).Message;
        Assert.Contains(what, message, StringComparison.Ordinal);
        return message[(message.LastIndexOf("it has ", StringComparison.Ordinal) + 7)..^1].Split(", ")
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement properties) =>
        properties.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal);

    private static Experiment Read(string text) => ExperimentReader.Read("x.yaml", text);
}
