using JobSystem.Chaos.Mutants.Seams;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Chaos.Tests.Mutants;

/// <summary>A defect that lost nothing, because its worker died before the ack, had no occasion.</summary>
public sealed class UnearnedAcksTests
{
    private static readonly JobId _lost = new("lost");
    private static readonly JobId _other = new("other");

    private readonly List<int> _acksAtOccasion = [];
    private readonly UnearnedAcks _acks;
    private int _acksAtBroker;

    public UnearnedAcksTests() => _acks = new UnearnedAcks(() => _acksAtOccasion.Add(_acksAtBroker));

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task The_ack_of_an_original_without_its_successor_is_an_occasion_when_the_broker_has_it(
        ulong tag, bool multiple)
    {
        var channel = await OpenAsync();
        _acks.Owe(_lost);
        Assert.Empty(_acksAtOccasion);

        channel.Ack(tag, multiple);

        Assert.Equal([1], _acksAtOccasion);
    }

    [Fact]
    public async Task An_original_that_goes_back_to_the_broker_is_none()
    {
        var channel = await OpenAsync();
        _acks.Owe(_lost);

        channel.Requeue(2);
        channel.Ack(3, multiple: true);

        Assert.Empty(_acksAtOccasion);
    }

    [Fact]
    public async Task The_ack_of_another_job_is_none()
    {
        var channel = await OpenAsync();
        _acks.Owe(_lost);

        channel.Ack(1, multiple: true);
        channel.Ack(3, multiple: false);

        Assert.Empty(_acksAtOccasion);
    }

    [Fact]
    public async Task The_ack_after_the_successor_was_stored_at_last_is_none()
    {
        var channel = await OpenAsync();
        _acks.Owe(_lost);
        _acks.Pay(_lost);

        channel.Ack(2, multiple: false);

        Assert.Empty(_acksAtOccasion);
    }

    /// <summary>Tags 1 to 3 are out; 2 is the job that is lost.</summary>
    private async Task<ConsumerDetour> OpenAsync()
    {
        var detour = _acks.Watch();
        var channel = new Channel(() => _acksAtBroker++);
        await detour.OpenAsync(channel, _ => Task.FromResult<IConsumerChannel>(channel));
        foreach (var (job, tag) in new[] { (_other, 1UL), (_lost, 2UL), (new JobId("third"), 3UL) })
        {
            detour.OnDelivery(new Delivery(new Job { Id = job }, tag, Redelivered: false, Losses: 0));
        }

        return detour;
    }

    /// <summary>The engine and the broker at once.</summary>
    private sealed class Channel(Action onAck) : IConsumerChannel, IConsumerListener
    {
        public QueueInfo Queue => throw new NotSupportedException();

        public void Ack(ulong tag, bool multiple) => onAck();

        public void Requeue(ulong tag)
        {
        }

        public Task CancelAsync() => Task.CompletedTask;

        public void OnDelivery(Delivery delivery)
        {
        }

        public void OnClosed(TransportFailure failure)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
