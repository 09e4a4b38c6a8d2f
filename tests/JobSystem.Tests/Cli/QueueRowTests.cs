using JobSystem.Cli.Queues;
using JobSystem.RabbitMq.Management;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class QueueRowTests
{
    [Fact]
    public void Lanes_stand_in_the_row_of_their_queue()
    {
        var rows = QueueRow.Group(
        [
            Queue("b.dead", ready: 2), Queue("b", ready: 5), Queue("b.quarantine", ready: 1, unacked: 1), Queue("a"),
        ]);

        Assert.Equal(["a", "b"], rows.Select(row => row.Queue.Name));
        Assert.Equal((0L, (long?)null), (rows[0].Quarantined, rows[0].Dead));
        Assert.Equal((2L, (long?)2), (rows[1].Quarantined, rows[1].Dead));
    }

    [Fact]
    public void A_lane_without_its_queue_stands_for_itself() =>
        Assert.Equal(["gone.dead"], QueueRow.Group([Queue("gone.dead", ready: 3)]).Select(row => row.Queue.Name));

    private static ListedQueue Queue(string name, long ready = 0, long unacked = 0) =>
        new(name, "quorum", true, ready, unacked, 0);
}
