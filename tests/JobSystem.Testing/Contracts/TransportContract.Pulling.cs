using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>Messages taken one by one, as the dead letters are.</summary>
public abstract partial class TransportContract
{
    private string DeadQueue => Lanes.NameOf(Queue, Lane.Dead);

    [Fact]
    public async Task Dead_letters_stay_until_somebody_takes_them()
    {
        await PublishAsync(new Destination(Queue, Lane.Dead), NewJobs(2));
        for (var times = 0; times < 3; times++)
        {
            var looking = await OpenPullAsync();
            Assert.Equal("job 1", TextOf(await GetAsync(looking, DeadQueue)));
            Assert.Equal("job 2", TextOf(await GetAsync(looking, DeadQueue)));
            Assert.Null(await looking.GetAsync(DeadQueue));
            await looking.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_pulled_job_that_was_acked_is_gone()
    {
        await PublishAsync(new Destination(Queue, Lane.Dead), NewJobs(3));
        var channel = await OpenPullAsync();
        await GetAsync(channel, DeadQueue);
        var second = await GetAsync(channel, DeadQueue);

        await channel.AckAsync(second.Tag);
        await channel.DisposeAsync();

        var other = await OpenPullAsync();
        string[] left = [TextOf(await GetAsync(other, DeadQueue)), TextOf(await GetAsync(other, DeadQueue))];
        Assert.Equal(["job 1", "job 3"], left.Order()); // what was looked at may have gone behind the others
        Assert.Null(await other.GetAsync(DeadQueue));
    }

    [Fact]
    public async Task A_pull_from_an_empty_queue_gives_nothing()
    {
        await Connection.DeclareAsync(new QueueDeclaration(Queue));
        var channel = await OpenPullAsync();

        Assert.Null(await channel.GetAsync(Queue));
    }

    [Fact]
    public async Task A_pull_from_a_queue_that_is_not_there_says_so()
    {
        var channel = await OpenPullAsync();

        var error = await Assert.ThrowsAsync<TransportException>(() => channel.GetAsync(Queue));

        Assert.Equal(TransportFailureKind.NotFound, error.Failure.Kind);
        Assert.Contains(Queue, error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// What a disposed channel gave back may be on its way for a moment: asks until it is there.
    /// </summary>
    private static async Task<Delivery> GetAsync(IPullChannel channel, string queueName)
    {
        Delivery? delivery = null;
        await EventuallyAsync(
            $"a message in '{queueName}'",
            async () => (delivery = await channel.GetAsync(queueName)) is not null);
        return delivery!;
    }
}
