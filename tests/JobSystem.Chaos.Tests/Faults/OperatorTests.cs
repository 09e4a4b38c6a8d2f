// What faults read out of the broker's answers, and how they name things to it.
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Faults.Brokers;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

public sealed class OperatorTests
{
    private const string Connections =
        "<rabbit@rabbitmq.1795367564.1473.0>\trun-1\n<rabbit@rabbitmq.1795367564.1574.0>\trun-2\r\n"
        + "<rabbit@rabbitmq.1795367564.1580.0>\trun-1\n";

    [Fact]
    public void Only_the_connections_of_the_runs_own_virtual_host_are_closed() => Assert.Equal(
        ["<rabbit@rabbitmq.1795367564.1473.0>", "<rabbit@rabbitmq.1795367564.1580.0>"],
        ConnectionClose.Parse(Connections, "run-1"));

    [Theory]
    [InlineData("")]
    [InlineData("pid\n")]
    [InlineData("Listing connections ...\n")]
    public void Where_none_is_listed_none_is_closed(string rows) => Assert.Empty(ConnectionClose.Parse(rows, "run-1"));

    [Theory]
    [InlineData("[{{resource_limit,memory,rabbit@rabbitmq},[]}]", "memory", true)]
    [InlineData("[{{resource_limit,disk,rabbit@rabbit2},[]}]", "memory", false)]
    [InlineData("[{{resource_limit,memory,a@b},[]},{{resource_limit,disk,a@b},[]}]", "disk", true)]
    [InlineData("[]", "disk", false)]
    public void An_alarm_is_known_by_its_resource(string alarms, string resource, bool isThere) =>
        Assert.Equal(isThere, ResourceAlarm.Lists(alarms, resource));

    [Theory]
    [InlineData("3.10.8", "0.4")]
    [InlineData("4.0.5", "0.6")]
    [InlineData("4.3.6", "0.6")]
    public void The_memory_limit_goes_back_to_the_standard_of_the_version(string version, string standard) =>
        Assert.Equal(standard, ResourceAlarm.MemoryStandard(Version.Parse(version)));

    [Theory]
    [InlineData("chaos", "^chaos$")]
    [InlineData("a.b*c", @"^a\.b\*c$")]
    [InlineData("a b(1)$", @"^a\ b\(1\)\$$")]
    public void A_policy_fits_the_runs_queue_alone(string queue, string pattern) =>
        Assert.Equal(pattern, Operator.PatternOf(queue));

    [Fact]
    public void A_name_reaches_erlang_without_quotes() =>
        Assert.Equal("<<39,195,164>>", Operator.ErlangBinary("'ä"));
}
