using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Testing.Contracts;

/// <summary>What a publisher is told is the truth.</summary>
public abstract partial class TransportContract
{
    [Fact]
    public async Task Jobs_that_were_published_before_any_consumer_existed_are_kept()
    {
        await PublishAsync(NewJobs(3));

        var (_, consumer) = await ConsumeAsync();

        Assert.Equal(["job 1", "job 2", "job 3"], (await consumer.NextAsync(3)).Select(TextOf));
    }

    [Fact]
    public async Task Each_of_5000_pipelined_publishes_is_confirmed_exactly_once()
    {
        const int Count = 5000;
        var (channel, publisher) = await OpenPublisherAsync();

        for (var number = 1; number <= Count; number++)
        {
            channel.Publish((ulong)number, NewJob($"job {number}"), new Destination(Queue));
        }

        await publisher.ConfirmedAsync(Count);
        var (consuming, consumer) = await ConsumeAsync(prefetch: 1000);
        for (var number = 1; number <= Count; number++)
        {
            var delivery = await consumer.NextAsync($"job {number}");
            Assert.Equal($"job {number}", TextOf(delivery));
            consuming.Ack(delivery.Tag, multiple: false);
        }

        Assert.Equal(
            Enumerable.Range(1, Count).Select(number => (ulong)number), publisher.Confirmed.All.Order());
        Assert.Empty(publisher.Rejected.All);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_and_never_confirmed()
    {
        var (channel, publisher) = await OpenPublisherAsync();
        var tooLarge = new byte[Connection.MaxBodyBytes + 1];

        channel.Publish(1, NewJob() with { Body = tooLarge }, new Destination(Queue));

        await publisher.Decisions.CountAsync(1, "the refusal of a body that is too large");
        Assert.Empty(publisher.Confirmed.All);
        Assert.All(
            publisher.Closed.All,
            failure => Assert.Equal(TransportFailureKind.TooLarge, failure.Kind));
    }

    [Fact]
    public async Task One_channel_publishes_to_many_queues()
    {
        var other = NewQueue();
        var (channel, publisher) = await OpenPublisherAsync();

        channel.Publish(1, NewJob("mine"), new Destination(Queue));
        channel.Publish(2, NewJob("other"), new Destination(other));
        channel.Publish(3, NewJob("dead"), new Destination(other, Lane.Dead));
        await publisher.ConfirmedAsync(3);

        await using var pull = await OpenPullAsync();
        Assert.Equal("mine", TextOf((await pull.GetAsync(Queue))!));
        Assert.Equal("other", TextOf((await pull.GetAsync(other))!));
        Assert.Equal("dead", TextOf((await pull.GetAsync(Lanes.NameOf(other, Lane.Dead)))!));
    }

    [Fact]
    public async Task A_publish_on_a_disposed_channel_is_ignored()
    {
        var (channel, publisher) = await OpenPublisherAsync();
        await channel.DisposeAsync();

        channel.Publish(1, NewJob("late"), new Destination(Queue));

        await PublishAsync(NewJob("in time"));
        var (_, consumer) = await ConsumeAsync();
        Assert.Equal("in time", TextOf(await consumer.NextAsync()));
        Assert.Empty(publisher.Decisions.All);
    }

    [Fact]
    public async Task Many_threads_lose_nothing_and_double_nothing()
    {
        const int Publishers = 8, Each = 250, Consumers = 4;
        var arrived = new Sightings<string>("all consumers");
        for (var number = 0; number < Consumers; number++)
        {
            await ConsumeAndAckAsync(arrived);
        }

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(number => Task.Run(async () =>
        {
            var connection = await _transport!.ConnectAsync("contract/many", new ProbeConnection());
            await using var _ = connection;
            var publisher = new ProbePublisher();
            var channel = await connection.OpenPublisherAsync(publisher);
            for (var index = 1; index <= Each; index++)
            {
                channel.Publish((ulong)index, NewJob($"{number}/{index}"), new Destination(Queue));
            }

            await publisher.ConfirmedAsync(Each);
        })));

        await arrived.CountAsync(Publishers * Each, "every job");
        Assert.Equal(Publishers * Each, arrived.All.Distinct().Count());
    }

    /// <summary>
    /// A consumer that acks each job from inside its delivery, as soon as its channel is known.
    /// </summary>
    private async Task ConsumeAndAckAsync(Sightings<string> arrived)
    {
        var known = new TaskCompletionSource<IConsumerChannel>();
        var oneAtATime = new Lock();
        var probe = new ProbeConsumer
        {
            Inside = delivery =>
            {
                arrived.Add(TextOf(delivery));
                known.Task.ContinueWith(
                    channel =>
                    {
                        lock (oneAtATime)
                        {
                            channel.Result.Ack(delivery.Tag, multiple: false);
                        }
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            },
        };
        var (channel, _) = await ConsumeAsync(prefetch: 10, probe: probe, on: await ConnectAsync());
        known.SetResult(channel);
    }
}
