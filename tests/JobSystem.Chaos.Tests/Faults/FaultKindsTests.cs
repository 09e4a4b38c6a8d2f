// Every kind of broker's and queue's fault: named once, made of its own defaults, and refused with a wrong setting.
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Faults.Brokers;
using JobSystem.Chaos.Faults.Queues;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Reverting;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

public sealed class FaultKindsTests
{
    private static readonly IReadOnlyList<FaultKind> _all = [.. BrokerFaults.All, .. QueueFaults.All];

    public static TheoryData<string> Names() => [.. _all.Select(kind => kind.Name)];

    [Fact]
    public void Each_has_a_name_of_its_own() => Assert.Equal(_all.Count, _all.DistinctBy(kind => kind.Name).Count());

    [Theory, MemberData(nameof(Names))]
    public void Each_can_be_made_of_its_defaults_and_says_whom_it_hits(string name)
    {
        var fault = Make(name, "cluster", []);

        Assert.NotEmpty(fault.Victim);
        Assert.InRange(fault.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_fault_that_lasts_can_be_undone_by_others(string name)
    {
        var fault = Make(name, "cluster", []);

        Assert.True(fault.Duration == TimeSpan.Zero || fault.Revert.Count > 0);
        Assert.All(fault.Revert, undo => Assert.IsType<Revert.Command>(undo));
    }

    [Theory]
    [InlineData("broker-kill", "node", "4")]
    [InlineData("node-cut", "node", "all")]
    [InlineData("broker-pause", "for", "soon")]
    [InlineData("connection-close", "who", "some")]
    [InlineData("reject-publish", "max-length", "-1")]
    public void A_setting_that_makes_no_sense_is_named(string name, string setting, string text)
    {
        var error = Assert.Throws<FormatException>(() => Make(name, "cluster", new() { [setting] = text }));

        Assert.Contains($"'{name}' has {setting}: {text}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_long_as_its_victim_is_not_known_every_node_is_to_be_recovered()
    {
        Assert.Equal(3, Make("node-kill", "cluster", []).Revert.Count);
        Assert.Single(Make("node-kill", "cluster", new() { ["node"] = "2" }).Revert);
    }

    [Fact]
    public void The_same_seed_hits_the_same_node()
    {
        string[] victims = [.. Enumerable.Range(0, 20).Select(_ => Make("broker-kill", "cluster", []).Victim)];

        Assert.Single(victims.Distinct());
    }

    [Theory]
    [InlineData("4.3", "node-kill", false)]
    [InlineData("4.3", "broker-kill", true)]
    [InlineData("cluster", "node-kill", true)]
    [InlineData("sqlite", "queue-purge", false)]
    [InlineData("amqp://localhost", "queue-purge", true)]
    [InlineData("amqp://localhost", "connection-close", false)]
    public void What_a_fault_needs_a_target_has_or_not(string target, string name, bool can) => Assert.Equal(
        can, TargetCatalog.Create(target, "unused").Powers.HasFlag(_all.Single(kind => kind.Name == name).Needs));

    private static Fault Make(string name, string target, Dictionary<string, string> settings)
    {
        var kind = _all.Single(kind => kind.Name == name);
        return kind.Create(new FaultArguments(kind, settings), new FaultContext
        {
            Target = new NamedUris(TargetCatalog.Create(target, "unused")),
            Fleet = null!, // faults of the broker do not look at it
            Proxies = null,
            Queue = "chaos",
            Clock = TimeProvider.System,
            Random = new Random(7),
            Destroyed = static (_, _) => { },
        });
    }
}
