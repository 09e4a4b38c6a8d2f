using System.Text.Json;
using JobSystem.Chaos.Cli.Verbs;
using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using Xunit;

namespace JobSystem.Chaos.Tests.Experiments;

public sealed class ExperimentReferenceTests
{
    private static readonly string _schema =
        File.ReadAllText(Repository.PathOf("chaos/schemas/experiment.schema.json"));

    [Fact]
    public void The_reference_in_the_docs_is_what_the_program_says() => Assert.Equal(
        ExperimentReference.Of(_schema), File.ReadAllText(Repository.PathOf("docs/experiments.md")));

    [Fact]
    public void Every_setting_that_a_file_may_have_is_shown()
    {
        using var schema = JsonDocument.Parse(_schema);

        Assert.Equal(
            ExperimentReference.LeavesOf(schema.RootElement).Select(leaf => leaf.Path).Order(StringComparer.Ordinal),
            SettingSheet.Rows.Select(row => row.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("fleet: { workers: 5 }", "fleet.workers", "5", "2")]
    [InlineData("workload: { arrivals: poisson }", "workload.arrivals", "poisson", "even")]
    [InlineData("expect: { dead-letters: any }", "expect.dead-letters", "any", "")]
    [InlineData("workload: { work: exp(1s) }", "workload.work", "exp(1000ms)", "exp(5ms)")]
    public void A_setting_is_shown_as_the_file_says_it_beside_its_default(
        string line, string path, string value, string usual)
    {
        var experiment = ExperimentReader.Read("x.yaml", $"name: x\nabout: y\n{line}\n");
        var row = SettingSheet.Rows.Single(row => row.Path == path);

        Assert.Equal((value, usual), (row.ValueOf(experiment), row.Default));
    }

    [Fact]
    public void A_fault_is_shown_with_the_settings_that_its_file_leaves_out()
    {
        var experiment = ExperimentReader.Read(
            "x.yaml", "name: x\nabout: y\nfaults: [{ fault: worker-pause, for: 3s }]\n");
        var rows = ShowVerb.FaultRows(experiment).Where(row => row[0] == "worker-pause").ToList();

        Assert.Contains(rows, row => row is [_, "for", "3s", _, _]);
        Assert.Equal(
            FaultCatalog.Find("worker-pause")!.Settings.Select(setting => setting.Name),
            rows.Skip(4).Select(row => row[1]));
    }
}
