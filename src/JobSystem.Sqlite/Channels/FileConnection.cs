using JobSystem.Sqlite.Broker;
using JobSystem.Sqlite.Storage;
using JobSystem.Transports;

namespace JobSystem.Sqlite.Channels;

/// <summary>
/// A connection to the file. Owns its channels; they end with it.
/// Ends: by its owner, behind what its channels were asked for before; or with the session.
/// </summary>
internal sealed class FileConnection(
    Session session, SqliteOptions options, IConnectionListener listener, Func<Task> released)
    : ITransportConnection, ISessionUser
{
    private const int PurgedAtOnce = 10_000;

    private readonly List<FileChannel> _channels = [];
    private readonly CallbackQueue _callbacks = new(session.Report);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosing;
    private int _isReleased;

    public long MaxBodyBytes => options.MaxBodyBytes;

    public Task<IConsumerChannel> ConsumeAsync(ConsumerSettings settings, IConsumerListener listener)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Prefetch, 1, nameof(settings));
        return QueryAsync(
            batch =>
            {
                var process = session.Membership.Join(batch);
                var queue = batch.Tables.Queues.FindOrDeclare(Lanes.NameOf(settings.Queue, settings.Lane));
                var consumer = batch.Tables.Processes.AddConsumer(process, queue);
                return new ConsumerChannel.Place(consumer, queue.Id, Describe(queue, batch));
            },
            place =>
            {
                var channel = new ConsumerChannel(session, this, settings, listener, place);
                session.Consumers.Add(channel);
                return (IConsumerChannel)Open(channel);
            });
    }

    public Task<IPublisherChannel> OpenPublisherAsync(IPublisherListener listener) => QueryAsync(
        static _ => true, _ => (IPublisherChannel)Open(new PublisherChannel(session, this, listener)));

    public Task<IPullChannel> OpenPullAsync() => QueryAsync(
        batch => batch.Tables.Processes.AddConsumer(session.Membership.Join(batch), null),
        consumer => (IPullChannel)Open(new PullChannel(session, this, consumer)));

    public Task<QueueInfo?> InspectAsync(string queueName) => QueryAsync(batch =>
        batch.Tables.Queues.Find(queueName) is { } queue ? Describe(queue, batch) : null);

    public Task<IReadOnlyList<QueueInfo>?> ListAsync() => QueryAsync<IReadOnlyList<QueueInfo>?>(batch =>
        [.. batch.Tables.Queues.Names().Select(name => Describe(batch.Tables.Queues.Find(name)!, batch))]);

    public Task DeclareAsync(QueueDeclaration declaration) => QueryAsync(batch =>
    {
        foreach (var lane in Enum.GetValues<Lane>())
        {
            batch.Tables.Queues.FindOrDeclare(Lanes.NameOf(declaration.Queue, lane));
        }

        return true;
    });

    public async Task<long?> DeleteAsync(string queueName)
    {
        // What waits goes in steps that hold nobody up, the rest with the queue.
        var ready = await PurgeAsync(queueName);
        return await QueryAsync(batch =>
        {
            if (batch.Tables.Queues.Find(queueName) is not { } queue)
            {
                return ready;
            }

            var rest = batch.Tables.Messages.CountReady(queue);
            batch.WakeConsumersOf(queue.Id);
            batch.AfterCommit(session.Consumers.LookAll);
            batch.Tables.Messages.DeleteAll(queue);
            batch.Tables.Processes.RemoveConsumersOf(queue);
            batch.Tables.Queues.Delete(queue);
            return (ready ?? 0) + rest;
        });
    }

    public async Task<long?> PurgeAsync(string queueName)
    {
        long? all = null;
        long? some;
        do
        {
            some = await QueryAsync<long?>(batch => batch.Tables.Queues.Find(queueName) is { } queue
                ? batch.Tables.Messages.Purge(queue, PurgedAtOnce)
                : null);
            all = some is null ? all : (all ?? 0) + some;
        }
        while (some >= PurgedAtOnce);

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        session.Add(new Close(this));
        await _gone.Task;
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            await released();
        }
    }

    /// <summary>On the writer's thread.</summary>
    public void Forget(FileChannel channel) => _channels.Remove(channel);

    /// <summary>The file is lost. On the writer's thread.</summary>
    public void Lose(TransportFailure failure)
    {
        _isClosing = true;
        EndChannels(failure);
        session.Detach(this);
        _callbacks.End(
            () =>
            {
                try
                {
                    listener.OnClosed(failure);
                }
                finally
                {
                    _gone.TrySetResult();
                }
            },
            drop: true);
    }

    /// <summary>Others have taken all that this process held. On the writer's thread.</summary>
    public void LoseHolders(TransportFailure failure)
    {
        foreach (var channel in _channels.Where(channel => channel is not PublisherChannel).ToArray())
        {
            channel.End(failure);
        }
    }

    private static QueueInfo Describe(QueueRow queue, Batch batch) => new(
        queue.Name, "sqlite", Durable: true, batch.Tables.Messages.CountReady(queue),
        batch.Tables.Processes.CountConsumers(queue), []);

    private FileChannel Open(FileChannel channel)
    {
        _channels.Add(channel);
        return channel;
    }

    private Task<TFound> QueryAsync<TFound>(Func<Batch, TFound> question) =>
        QueryAsync(question, static found => found);

    private Task<TAnswer> QueryAsync<TFound, TAnswer>(Func<Batch, TFound> question, Func<TFound, TAnswer> committed) =>
        _isClosing
            ? Task.FromException<TAnswer>(new TransportException(
                new TransportFailure(TransportFailureKind.Lost, "The connection is closed.")))
            : session.QueryAsync(question, committed);

    private void EndChannels(TransportFailure failure)
    {
        foreach (var channel in _channels.ToArray())
        {
            channel.End(failure);
        }
    }

    /// <summary>The end by its owner.</summary>
    private sealed class Close(FileConnection connection) : Operation
    {
        private static readonly TransportFailure _byOwner =
            new(TransportFailureKind.Lost, "Its owner closed the connection.");

        private FileChannel[] _channels = [];

        public override bool Prepare()
        {
            _channels = [.. connection._channels.Where(channel => !channel.IsClosing)];
            foreach (var channel in _channels)
            {
                channel.IsClosing = true;
            }

            return true;
        }

        public override void Execute(Batch batch)
        {
            foreach (var channel in _channels)
            {
                channel.Release(batch);
            }
        }

        public override void Committed(Batch batch) => End();

        private void End()
        {
            var channels = connection._channels.Select(channel => channel.Gone).ToArray();
            connection.EndChannels(_byOwner);
            connection.Detached(channels);
        }

        public override bool TryRefuse(string reason)
        {
            End(); // nobody waits for a full disk; what it holds is given back when there is room
            return false;
        }

        public override void Abandoned(TransportFailure failure)
        {
            // The session ends every connection.
        }
    }

    private void Detached(Task[] channels)
    {
        session.Detach(this);
        _callbacks.End(
            () => Task.WhenAll(channels).ContinueWith(_ => _gone.TrySetResult(), TaskScheduler.Default), drop: true);
    }
}
