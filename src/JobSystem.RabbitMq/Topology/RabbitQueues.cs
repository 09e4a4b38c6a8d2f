using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Topology;

/// <summary>
/// Finds, adopts and declares queues on one connection. Each call has a channel of its own, because a refused
/// one closes it. A queue that exists is never fought over: it is taken as it is, and its hazards are named.
/// </summary>
internal sealed class RabbitQueues(RabbitLink link)
{
    private readonly QueueProbe _probe = new(link);

    /// <summary>Makes sure that a lane exists: declared as ours where it is missing, else adopted.</summary>
    public async Task EnsureAsync(string queue, Lane lane)
    {
        var plan = RabbitTopology.QueueOf(queue, lane, link.Version);
        if (await FindAsync(plan.Name).ConfigureAwait(false) is not null)
        {
            return;
        }

        if (lane != Lane.Dead)
        {
            // First where its dead letters go: it must be there when the first one comes.
            await EnsureAsync(queue, Lane.Dead).ConfigureAwait(false);
        }

        try
        {
            await _probe.DeclareAsync(plan).ConfigureAwait(false);
            Log.Declared(link.Logger, plan.Name);
        }
        catch (TransportException other) when (other.Failure.Kind == TransportFailureKind.Inequivalent)
        {
            // Somebody declared it meanwhile, in another way: it is adopted.
        }
    }

    /// <summary>Makes sure that a step of the delay ladder exists.</summary>
    public async Task EnsureAsync(DelayStep step)
    {
        var plan = RabbitTopology.QueueOf(step, link.Version);
        await link.OnceAsync(async channel =>
        {
            await channel.ExchangeDeclareAsync(step.Name, ExchangeType.Fanout, durable: true)
                .ConfigureAwait(false);
            await QueueProbe.DeclareAsync(channel, plan).ConfigureAwait(false);
            await channel.QueueBindAsync(step.Name, step.Name, routingKey: "").ConfigureAwait(false);
            return true;
        }, "declaring a delay").ConfigureAwait(false);
    }

    /// <summary>What the broker knows of a queue, by its name there; null: it has none of it.</summary>
    public async Task<QueueInfo?> InspectAsync(string name)
    {
        if (await FindAsync(name).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var properties = await _probe.FindOutAsync(RabbitTopology.ExpectedOf(name, link.Version))
            .ConfigureAwait(false);
        return new QueueInfo(
            name, properties?.Kind, properties?.Plan.Durable, found.MessageCount, found.ConsumerCount,
            properties?.Hazards() ?? []);
    }

    /// <summary>Declares a work queue as asked, and its lanes where they are missing.</summary>
    public async Task DeclareAsync(QueueDeclaration declaration)
    {
        var plan = RabbitTopology.QueueOf(declaration.Queue, Lane.Work, link.Version, declaration.Kind);
        await EnsureAsync(declaration.Queue, Lane.Dead).ConfigureAwait(false);
        try
        {
            await _probe.DeclareAsync(plan).ConfigureAwait(false);
        }
        catch (TransportException refused) when (refused.Failure.Kind == TransportFailureKind.Inequivalent)
        {
            var has = await _probe.FindOutAsync(plan).ConfigureAwait(false);
            var text = QueueWords.Otherwise(plan, has?.Plan, refused.Failure.Text);
            throw new TransportException(new(TransportFailureKind.Inequivalent, text), refused);
        }

        await EnsureAsync(declaration.Queue, Lane.Suspects).ConfigureAwait(false);
    }

    public Task<long?> DeleteAsync(string name) => IfThereAsync(
        name,
        async channel => (long)await channel.QueueDeleteAsync(name, false, false).ConfigureAwait(false),
        "queue.delete");

    public Task<long?> PurgeAsync(string name) => IfThereAsync(
        name,
        async channel => (long)await channel.QueuePurgeAsync(name).ConfigureAwait(false),
        "queue.purge");

    /// <summary>Null: there is none of that name.</summary>
    private async Task<QueueDeclareOk?> FindAsync(string name)
    {
        try
        {
            return await link.OnceAsync(channel => channel.QueueDeclarePassiveAsync(name), "queue.declare")
                .ConfigureAwait(false);
        }
        catch (TransportException none) when (none.Failure.Kind == TransportFailureKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>To delete what is not there succeeds on RabbitMQ, so it is looked for first.</summary>
    private async Task<long?> IfThereAsync(string name, Func<IChannel, Task<long>> call, string what)
    {
        if (await FindAsync(name).ConfigureAwait(false) is null)
        {
            return null;
        }

        try
        {
            return await link.OnceAsync(call, what).ConfigureAwait(false);
        }
        catch (TransportException gone) when (gone.Failure.Kind == TransportFailureKind.NotFound)
        {
            return null;
        }
    }
}
