using System.Text.Json;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using Xunit;

namespace JobSystem.Chaos.Tests.Experiments;

public sealed class ExperimentReaderTests
{
    private const string Minimal = "name: least\nabout: As little as can be said.\n";

    public static TheoryData<string> Shipped() => [.. ExperimentCatalog.Names];

    [Fact]
    public void At_least_twenty_five_experiments_ship() => Assert.True(ExperimentCatalog.Names.Count >= 25);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void What_ships_can_be_read_and_planned(string name)
    {
        var experiment = ExperimentCatalog.Read(name);

        Assert.Equal(name, experiment.Name);
        Assert.NotEmpty(Schedule.Of(experiment, seed: 1));
    }

    [Fact]
    public void What_is_not_said_is_the_default()
    {
        var experiment = Read(Minimal);

        Assert.Equal("sqlite", experiment.Target);
        Assert.Equal(new WorkloadPlan(), experiment.Workload);
        Assert.Empty(experiment.Faults);
    }

    [Fact]
    public void What_is_said_counts()
    {
        var experiment = Read(Minimal + """
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
        const string text = Minimal + "vars: { jobs: 10 }\nworkload: { jobs: \"${jobs}\" }\n";

        Assert.Equal(10, Read(text).Workload.Jobs);
        Assert.Equal(77, ExperimentReader.Read(
            "x.yaml", text, new Dictionary<string, string> { ["jobs"] = "77" }).Workload.Jobs);
    }

    [Theory]
    [InlineData("", "one YAML mapping")]
    [InlineData("about: x", "'name' is missing")]
    [InlineData("name: [a\nabout: b", "x.yaml: it is no YAML")]
    [InlineData("- a", "one YAML mapping")]
    [InlineData(Minimal + "wrokload: { jobs: 1 }", "x.yaml:3: an experiment has no 'wrokload'")]
    [InlineData(Minimal + "workload: { jobs: many }", "x.yaml:3: 'jobs' is many, but must be a whole number")]
    [InlineData(Minimal + "workload: { work: long }", "must be a duration")]
    [InlineData(Minimal + "fleet: { workers: 0 }", "at least 1")]
    [InlineData(Minimal + "fleet: 3", "'fleet' must be a mapping")]
    [InlineData(Minimal + "faults: [{ fault: earthquake }]", "there is no fault 'earthquake'")]
    [InlineData(Minimal + "faults: [{ fault: worker-kill, for: 3s }]", "the fault 'worker-kill' has no 'for'")]
    [InlineData(Minimal + "faults: { fault: worker-kill }", "'faults' must be a list")]
    [InlineData(Minimal + "subject: { ack: never }", "must be one of after, before, auto")]
    [InlineData(Minimal + "workload: { jobs: \"${jobs}\" }", "names a variable")]
    [InlineData(Minimal + "nemesis: { times: 3 }", "a nemesis needs faults")]
    [InlineData("name: ../../x\nabout: x", "x.yaml:1: 'name' is ../../x, but must be in kebab case")]
    [InlineData("name: Some Name\nabout: x", "kebab case")]
    [InlineData(Minimal + "target: rabbit", "x.yaml:3: there is no target 'rabbit'")]
    [InlineData(Minimal + "target: clustr", "did you mean 'cluster'?")]
    [InlineData(Minimal + "fleet: { workers: 1000000 }", "'workers' is 1000000, but must be a whole number")]
    [InlineData(Minimal + "workload: { mix: { short: 0, long: 1 } }", "the weight of 'short' is 0")]
    [InlineData(Minimal + "workload: { queues: { orders: 0 } }", "the weight of 'orders' is 0")]
    [InlineData(Minimal + "workload: { jobs: 5 }\nexpect: { min-confirmed: 6 }", "but there are 5 jobs")]
    [InlineData(Minimal + "wrokload: { jobs: 1 }", "did you mean 'workload'?")]
    [InlineData(Minimal + "faults: [{ fault: worker-kil }]", "did you mean 'worker-kill'?")]
    [InlineData(Minimal + "expect: { dead-letters: banana }", "x.yaml:3: 'dead-letters' is banana")]
    [InlineData(Minimal + "expect: { dead-letters: [AttemptsExhausted] }", "did you mean 'attempts-exhausted'?")]
    [InlineData(Minimal + "expect: { failure: losst }", "did you mean 'lost'?")]
    [InlineData(
        Minimal + "faults: [{ fault: worker-kill }]\nexpect: { recovery: { worker-kil: { finished: 1s } } }",
        "x.yaml:4: the experiment has no fault 'worker-kil' (did you mean 'worker-kill'?)")]
    [InlineData(
        Minimal + "faults: [{ fault: worker-kill }]\nexpect: { recovery: { \"broker-*\": { finished: 1s } } }",
        "it has worker-kill")]
    [InlineData(
        Minimal + "faults: [{ fault: worker-kill }]\nexpect: { recovery: { worker-kill: {} } }", "limits nothing")]
    [InlineData(Minimal + "faults: [{ fault: worker-kill, at: 2d }]", "'at' is 2d, but must be")]
    [InlineData(Minimal + "nemesis: { faults: [{ fault: worker-pause, for: banana }] }", "'for' is banana")]
    public void What_is_wrong_is_told_with_its_line(string text, string problem)
    {
        var error = Assert.Throws<ExperimentException>(() => Read(text));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_told_with_their_line()
    {
        using var folder = new ScratchFolder();
        var file = folder.File("x.yaml");
        File.WriteAllBytes(file, [.. "name: x\nabout: caf"u8, 0xE9, (byte)'\n']);

        var error = Assert.Throws<ExperimentException>(() => ExperimentCatalog.Read(file));

        Assert.Equal("x.yaml:2: the byte 0xE9 is no UTF-8.", error.Message);
    }

    [Fact]
    public void A_target_of_the_command_line_is_checked_like_that_of_the_file()
    {
        var overlay = new YamlOverlay();
        overlay.Set("amqp://guest:guest@localhost", "target");
        Assert.Equal("amqp://guest:guest@localhost", ExperimentReader.Read("x.yaml", Minimal, null, overlay).Target);
        overlay.Set("nowhere", "target");

        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("x.yaml", Minimal, null, overlay));
    }

    [Fact]
    public void Faults_that_come_when_the_load_is_over_are_told()
    {
        var experiment = Read(Minimal + "workload: { jobs: 100, rate: 100 }\n" +
            "faults: [{ fault: worker-kill, at: 500ms, times: 3, every: 1s }]\n");

        var told = Schedule.AfterTheLoad(experiment, Schedule.Of(experiment, seed: 1));

        Assert.Equal(
            "The load ends after 1 s, and 2 of 3 faults come later, the first at 1.5 s (worker-kill).", told);
    }

    [Fact]
    public void A_variable_that_the_file_does_not_have_is_an_error() => Assert.Throws<ExperimentException>(
        () => ExperimentReader.Read("x.yaml", Minimal, new Dictionary<string, string> { ["jobs"] = "1" }));

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
        var text = part.Length > 0 ? Minimal + part : Minimal + "nonsense: 1\n";
        var message = Assert.Throws<ExperimentException>(() => Read(text)).Message;
        Assert.Contains(what, message, StringComparison.Ordinal);
        return message[(message.LastIndexOf("it has ", StringComparison.Ordinal) + 7)..^1].Split(", ")
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement properties) =>
        properties.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal);

    private static Experiment Read(string text) => ExperimentReader.Read("x.yaml", text);
}
