using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Xunit;

namespace JobSystem.Tests.Processing;

/// <summary>Enqueue tells the truth: confirmed, rejected or unknown.</summary>
public sealed class PublisherTests
{
    [Fact]
    public void An_enqueue_to_a_broker_that_is_not_there_was_never_sent() => World.ForSeeds(50, world =>
    {
        world.Broker.Stop();
        var producer = world.Producer();
        var rejected = Assert.IsType<EnqueueResult.Rejected>(world.Enqueue(producer, "job"));
        Assert.Contains("never sent", rejected.Reason, StringComparison.Ordinal);
        Assert.Contains("The broker is", rejected.Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void An_enqueue_waits_for_the_broker_to_come_back() => World.ForSeeds(50, world =>
    {
        world.Broker.Stop();
        var producer = world.Producer();
        var enqueue = world.BeginEnqueue(producer, "job");
        world.Simulation.RunFor(TimeSpan.FromSeconds(15));
        world.Broker.Start();
        Assert.IsType<EnqueueResult.Confirmed>(world.Simulation.Await(enqueue));
        Assert.Equal(1, world.Broker.ContentOf(World.Queue).Ready);
    });

    [Fact]
    public void The_bytes_are_the_callers_again_though_the_enqueue_is_still_on_its_way() => World.ForSeeds(10, world =>
    {
        world.Broker.Stop();
        var producer = world.Producer();
        var body = "job"u8.ToArray();
        using var patience = new CancellationTokenSource();
        var enqueue = world.Begin(() => producer.Client.TryEnqueueAsync(
            body, new EnqueueOptions { Queue = World.Queue }, patience.Token));
        world.Simulation.RunFor(TimeSpan.FromSeconds(1));
        patience.Cancel();
        "new"u8.CopyTo(body);
        world.Broker.Start();
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(1, world.Count("end job"));
    });

    [Fact]
    public void An_enqueue_whose_confirm_was_lost_is_sent_again_and_run_once() => World.ForSeeds(100, world =>
    {
        var worker = world.Worker((_, _) => Task.CompletedTask);
        world.Simulation.Await(worker.Ready);
        world.Broker.DropConfirms(1);
        Assert.IsType<EnqueueResult.Confirmed>(world.Enqueue(worker, "job"));
        world.Simulation.RunUntil(() => world.IsDrained && world.Count("end job") > 0);
        world.Simulation.RunFor(World.Minute);
        Assert.Equal(1, world.Count("start job"));
    });

    [Fact]
    public void An_enqueue_that_was_sent_and_never_confirmed_is_unknown_at_its_deadline() => World.ForSeeds(50, world =>
    {
        var producer = world.Producer();
        world.Simulation.Await(producer.Ready);
        world.Broker.DelayConfirms(1000, TimeSpan.FromHours(1));
        var start = world.Simulation.Time.GetUtcNow();
        var result = world.Enqueue(producer, "job", new EnqueueOptions { Deadline = TimeSpan.FromSeconds(7) });
        Assert.IsType<EnqueueResult.Unknown>(result);
        Assert.InRange((world.Simulation.Time.GetUtcNow() - start).TotalSeconds, 7, 7.2);
    });

    [Fact]
    public void A_blocked_broker_is_told_of_at_once_and_enqueues_wait_for_it() => World.ForSeeds(50, world =>
    {
        var producer = world.Producer();
        world.Simulation.Await(producer.Ready);
        var states = new List<JobSystem.Monitoring.ConnectionState>();
        producer.ConnectionChanged += connection => states.Add(connection.State);
        world.Broker.Block("memory alarm");
        var enqueue = world.BeginEnqueue(producer, "job");
        world.Simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Contains(JobSystem.Monitoring.ConnectionState.Blocked, states);
        Assert.False(enqueue.IsCompleted);

        world.Broker.Unblock();
        Assert.IsType<EnqueueResult.Confirmed>(world.Simulation.Await(enqueue));
    });

    [Fact]
    public void A_body_over_the_brokers_limit_is_refused_before_it_is_sent() => World.ForSeeds(5, world =>
    {
        var broker = new InMemoryBroker(world.Broker.Options with { MaxBodyBytes = 10 });
        var producer = world.Start(new JobSystemBuilder().UseInMemory(broker));
        world.Simulation.Await(producer.Ready);
        var result = world.Enqueue(producer, "eleven bytes");
        Assert.Contains("takes 10", Assert.IsType<EnqueueResult.Rejected>(result).Reason, StringComparison.Ordinal);
        Assert.Equal(0, broker.ContentOf(World.Queue).Total);
    });

    [Fact]
    public void Every_enqueue_through_lost_connections_is_answered_once_and_every_confirmed_one_is_there() =>
        World.ForSeeds(100, world =>
        {
            var producer = world.Producer(options => options with { MaxUnconfirmed = 16 });
            var enqueues = Enumerable.Range(0, 200)
                .Select(number => world.BeginEnqueue(producer, $"{number}"))
                .ToList();
            for (var loss = 0; loss < 10; loss++)
            {
                world.Simulation.RunFor(TimeSpan.FromMilliseconds(20));
                world.Broker.CloseAllConnections("test");
            }

            var results = enqueues.ConvertAll(world.Simulation.Await);
            Assert.All(results, result => Assert.IsType<EnqueueResult.Confirmed>(result));
            var there = world.Take(World.Queue).Select(job => job.Id).ToHashSet();
            Assert.All(results, result => Assert.Contains(result.Id, there));
        });

    [Fact]
    public void Two_processes_never_give_the_same_id_to_two_jobs() => World.ForSeeds(50, world =>
    {
        var producers = Enumerable.Range(0, 4).Select(_ => world.Producer()).ToList();
        var enqueues = producers.SelectMany(producer =>
            Enumerable.Range(0, 10).Select(number => world.BeginEnqueue(producer, $"{number}"))).ToList();
        Assert.Equal(40, enqueues.Select(enqueue => world.Simulation.Await(enqueue).Id).Distinct().Count());
    });

    [Fact]
    public void A_publish_that_breaks_its_channel_is_found_and_rejected_and_its_neighbours_are_confirmed() =>
        World.ForSeeds(100, world =>
        {
            var producer = world.Start(new JobSystemBuilder()
                .UseTransport(_ => new PoisonousTransport(new InMemoryTransport(world.Broker))));
            var enqueues = Enumerable.Range(0, 20).ToDictionary(number => number, number =>
                world.BeginEnqueue(producer, number is 7 or 13 ? "poison" : $"{number}"));
            foreach (var (number, enqueue) in enqueues)
            {
                var result = world.Simulation.Await(enqueue);
                if (number is 7 or 13)
                {
                    var rejected = Assert.IsType<EnqueueResult.Rejected>(result);
                    Assert.Contains("ACCESS_REFUSED", rejected.Reason, StringComparison.Ordinal);
                }
                else
                {
                    Assert.IsType<EnqueueResult.Confirmed>(result);
                }
            }
        });

    /// <summary>Refuses one kind of job by closing the channel without saying which it was, as AMQP does.</summary>
    private sealed class PoisonousTransport(ITransport inner) : ITransport
    {
        public string Description => "poisonous";

        public async Task<ITransportConnection> ConnectAsync(string name, IConnectionListener listener) =>
            new Connection(await inner.ConnectAsync(name, listener));

        private sealed class Connection(ITransportConnection inner) : ITransportConnection
        {
            public long MaxBodyBytes => inner.MaxBodyBytes;

            public Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener) =>
                inner.ConsumeAsync(settings, listener);

            public async Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener) =>
                new Channel(await inner.OpenPublisherAsync(listener), listener);

            public Task<IPullChannel> OpenPullAsync() => inner.OpenPullAsync();

            public Task<QueueInfo?> InspectAsync(string queueName) => inner.InspectAsync(queueName);

            public Task<IReadOnlyList<QueueInfo>?> ListAsync() => inner.ListAsync();

            public Task DeclareAsync(QueueDeclaration declaration) => inner.DeclareAsync(declaration);

            public Task<long?> DeleteAsync(string queueName) => inner.DeleteAsync(queueName);

            public Task<long?> PurgeAsync(string queueName) => inner.PurgeAsync(queueName);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }

        private sealed class Channel(IPublisherChannel inner, IPublisherListener listener) : IPublisherChannel
        {
            private bool _closed;

            public void Publish(ulong number, Job job, Destination destination)
            {
                if (_closed)
                {
                    return;
                }

                if (World.Text(job.Body) == "poison")
                {
                    _closed = true;
                    _ = inner.DisposeAsync().AsTask();
                    listener.OnClosed(new TransportFailure(TransportFailureKind.AccessRefused, "ACCESS_REFUSED - no"));
                    return;
                }

                inner.Publish(number, job, destination);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
