using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Sqlite.Tests;

/// <summary>A listener's defect costs its own channel, and no job.</summary>
public sealed class ThrowingListenerTests : IDisposable
{
    private const string Queue = "work";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_consumer_that_throws_loses_its_channel_and_its_jobs_go_back()
    {
        await using var desk = await Desk.OpenAsync(_folder.File());
        await desk.PublishAsync(Queue, Desk.NewJob("kept"));
        var bad = new ProbeConsumer { Inside = _ => throw new InvalidOperationException("bad") };

        await using var channel = await desk.Connection.ConsumeAsync(new ConsumerSettings(Queue, Lane.Work, 1), bad);

        Assert.Contains("bad", (await bad.ClosedAsync()).Text, StringComparison.Ordinal);
        var (_, good) = await desk.ConsumeAsync(Queue);
        Assert.True((await good.NextAsync()).Redelivered);
    }

    [Fact]
    public async Task A_consumer_that_throws_at_its_end_can_be_disposed_of()
    {
        await using var desk = await Desk.OpenAsync(_folder.File());
        var bad = new Throwing();
        await using var channel = await desk.Connection.ConsumeAsync(new ConsumerSettings(Queue, Lane.Work, 1), bad);

        await desk.Connection.DeleteAsync(Queue);

        await bad.Called.Task.WaitAsync(Sightings<int>.Deadline);
        await channel.DisposeAsync().AsTask().WaitAsync(Sightings<int>.Deadline);
    }

    private sealed class Throwing : IConsumerListener
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnDelivery(Delivery delivery) => throw new InvalidOperationException("bad");

        public void OnClosed(TransportFailure failure)
        {
            Called.SetResult();
            throw new InvalidOperationException("bad");
        }
    }
}
