using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Plans;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

/// <summary>What a fault's settings may be is known when the experiment is read, not when it is injected.</summary>
public sealed class FaultSettingsTests
{
    public static TheoryData<string> Settings() =>
        [.. FaultCatalog.All.SelectMany(kind => kind.Settings.Select(setting => $"{kind.Name} {setting.Name}"))];

    [Theory, MemberData(nameof(Settings))]
    public void Each_default_is_a_value_that_is_taken(string which)
    {
        var setting = Find(which);

        Assert.Null(setting.Problem(setting.Default));
    }

    [Theory, MemberData(nameof(Settings))]
    public void No_setting_takes_anything_whatever(string which)
    {
        var (fault, name) = (which.Split(' ')[0], which.Split(' ')[1]);

        var error = Assert.Throws<ExperimentException>(() => Read($"fault: {fault}, {name}: banana"));

        Assert.StartsWith($"x.yaml:4: '{name}' is banana, but must be", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fault: handler-throw, share: 200%", "'share' is 200%, but must be a share")]
    [InlineData("fault: handler-throw, share: -5%", "'share' is -5%")]
    [InlineData("fault: handler-throw, share: 0", "more than 0")]
    [InlineData("fault: worker-pause, for: 99999d", "'for' is 99999d, but must be a duration")]
    [InlineData("fault: net-stall, who: wroker", "'who' is wroker (did you mean 'worker'?)")]
    [InlineData("fault: net-latency, direction: sideways", "must be one of both, to-broker, to-client")]
    [InlineData("fault: net-bandwidth, rate: 0", "a whole number from 1")]
    [InlineData("fault: broker-kill, node: 9", "'node' is 9, but the target 4.3 has 1 node")]
    [InlineData("fault: connection-close, who: 0", "'who' is 0")]
    public void What_is_wrong_is_told_with_what_was_expected(string fault, string problem)
    {
        var error = Assert.Throws<ExperimentException>(() => Read(fault));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_the_target_has_is_taken() => Assert.Equal(
        "3", Assert.Single(Read("fault: node-kill, node: 3", "cluster").Faults).Settings["node"]);

    private static FaultSetting Find(string which) => FaultCatalog.Find(which.Split(' ')[0])!.Settings
        .Single(setting => setting.Name == which.Split(' ')[1]);

    private static Experiment Read(string fault, string target = "4.3") => ExperimentReader.Read(
        "x.yaml", $"name: x\nabout: x\ntarget: \"{target}\"\nfaults: [{{ {fault} }}]\n");
}
