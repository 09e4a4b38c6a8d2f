// What rabbitmq-queues says of a quorum queue, captured from 3.10.8 and 4.3.6.
using JobSystem.Chaos.Faults;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

public sealed class QuorumStatusTests
{
    private const string Whole = """
        [
        {"Node Name":"rabbit@rabbit1","Raft State":"follower","Membership":"voter","Last Log Index":24,"Term":1}
        ,{"Node Name":"rabbit@rabbit2","Raft State":"leader","Membership":"voter","Last Log Index":24,"Term":1}
        ,{"Node Name":"rabbit@rabbit3","Raft State":"follower","Membership":"voter","Last Log Index":24,"Term":1}
        ]
        """;

    private const string OneIsDown = """
        [
        {"Node Name":"rabbit@rabbit1","Raft State":"leader","Membership":"voter","Last Log Index":56,"Term":3}
        ,{"Node Name":"rabbit@rabbit2","Raft State":"follower","Membership":"voter","Last Log Index":56,"Term":3}
        ,{"Node Name":"rabbit@rabbit3","Raft State":"noconnection","Membership":"","Last Log Index":"","Term":""}
        ]
        """;

    private const string JustCut = """
        [
        {"Node Name":"rabbit@rabbit1","Raft State":"unknown","Membership":"","Last Log Index":"","Term":""}
        ,{"Node Name":"rabbit@rabbit2","Raft State":"follower","Membership":"voter","Last Log Index":24,"Term":1}
        ,{"Node Name":"rabbit@rabbit3","Raft State":"follower","Membership":"voter","Last Log Index":24,"Term":1}
        ]
        """;

    private const string SingleNode = """
        Status of quorum queue chaos on node plain@localhost ...
        [
        {"Node Name":"plain@localhost","Raft State":"leader","Log Index":18,"Commit Index":18,"Term":1}
        ]
        """;

    [Fact]
    public void The_leader_and_its_followers_are_told_apart()
    {
        var status = QuorumStatus.Parse(Whole);

        Assert.Equal(("rabbit@rabbit2", 2), (status.Leader!.Node, status.Leader.Number));
        Assert.Equal([1, 3], status.Followers.Select(member => member.Number));
        Assert.True(status.IsWhole);
    }

    [Fact]
    public void A_member_that_is_down_is_neither_and_the_queue_is_not_whole()
    {
        var status = QuorumStatus.Parse(OneIsDown);

        Assert.Equal(1, status.Leader!.Number);
        Assert.Equal(2, Assert.Single(status.Followers).Number);
        Assert.False(status.IsWhole);
    }

    [Fact]
    public void Between_two_leaders_there_is_none()
    {
        var status = QuorumStatus.Parse(JustCut);

        Assert.Null(status.Leader);
        Assert.False(status.IsWhole);
    }

    [Fact]
    public void A_single_node_is_number_1_whatever_its_name()
    {
        var status = QuorumStatus.Parse(SingleNode);

        Assert.Equal(1, status.Leader!.Number);
        Assert.True(status.IsWhole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Error: queue 'chaos' was not found")]
    [InlineData("[{\"Node\":\"rabbit@rabbit1\"}]")]
    [InlineData("[{\"Node Name\":1,\"Raft State\":2}]")]
    [InlineData("[[1]")]
    public void Anything_else_is_an_error(string output) =>
        Assert.Throws<FormatException>(() => QuorumStatus.Parse(output));
}
