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
            await RefuseStreamAsync(plan).ConfigureAwait(false);
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

    /// <summary>
    /// Makes sure that a step of the delay ladder exists. What is there is not declared again: that would need the
    /// permission to configure. It is always bound, which needs none: whoever made it may have died before that.
    /// </summary>
    /// <returns>
    /// The step to take. A user who may not declare one, on queues that were prepared for an earlier version, takes the
    /// step that all queues share.
    /// </returns>
    public async Task<DelayStep> EnsureAsync(DelayStep step)
    {
        try
        {
            await EnsureOneAsync(step).ConfigureAwait(false);
            return step;
        }
        catch (TransportException refused) when (step.Queue is not null
            && refused.Failure.Kind is TransportFailureKind.AccessRefused or TransportFailureKind.Refused)
        {
            if (await FindAsync(step.Shared.Name).ConfigureAwait(false) is null)
            {
                throw;
            }

            await EnsureOneAsync(step.Shared).ConfigureAwait(false);
            return step.Shared;
        }
    }

    private async Task EnsureOneAsync(DelayStep step)
    {
        if (await FindAsync(step.Name).ConfigureAwait(false) is null)
        {
            await _probe.DeclareAsync(RabbitTopology.QueueOf(step, link.Version)).ConfigureAwait(false);
        }

        if (!await ExchangeExistsAsync(step.Name).ConfigureAwait(false))
        {
            await DoAsync(channel =>
                channel.ExchangeDeclareAsync(step.Name, ExchangeType.Fanout, durable: true), "exchange.declare")
                .ConfigureAwait(false);
        }

        await DoAsync(channel => channel.QueueBindAsync(step.Name, step.Name, routingKey: ""), "queue.bind")
            .ConfigureAwait(false);
    }

    /// <summary>What the broker knows of a queue, by its name there; null: it has none of it.</summary>
    public async Task<QueueInfo?> InspectAsync(string name)
    {
        if (await FindAsync(name).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var properties = await PropertiesOfAsync(name).ConfigureAwait(false);
        return new QueueInfo(
            name, properties?.Kind, properties?.Plan.Durable, found.MessageCount, found.ConsumerCount,
            properties?.Hazards() ?? [])
        {
            DeadLettersSafely = properties is { DeadLettersSafely: true },
            Full = properties?.Full(found.MessageCount),
        };
    }

    /// <summary>What can be found out of a queue that exists; null: nothing. What is not there is not made.</summary>
    /// <exception cref="TransportException"><see cref="TransportFailureKind.NotFound"/>.</exception>
    public async Task<QueueProperties?> PropertiesOfAsync(string name)
    {
        await link.OnceAsync(channel => channel.QueueDeclarePassiveAsync(name), "queue.declare").ConfigureAwait(false);
        return await _probe.FindOutAsync(RabbitTopology.ExpectedOf(name, link.Version)).ConfigureAwait(false);
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
            if (has is not null && has.Plan.IsOfAnotherVersion(plan))
            {
                // Ours, of an earlier version or declared before the broker was upgraded.
                await EnsureAsync(declaration.Queue, Lane.Quarantine).ConfigureAwait(false);
                return;
            }

            var text = QueueWords.Otherwise(plan, has?.Plan, refused.Failure.Text);
            throw new TransportException(new(TransportFailureKind.Inequivalent, text), refused);
        }

        await EnsureAsync(declaration.Queue, Lane.Quarantine).ConfigureAwait(false);
    }

    /// <summary>The steps of its delay ladder that exist.</summary>
    public async Task<IReadOnlyList<string>> StepsOfAsync(string queue)
    {
        var found = new List<string>();
        foreach (var name in DelayLadder.NamesOf(queue))
        {
            if (await FindAsync(name).ConfigureAwait(false) is not null)
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>
    /// With a step goes its exchange. The ladder of a work queue stays: a delayed job waits there until the queue is
    /// declared again.
    /// </summary>
    public async Task<long?> DeleteAsync(string name)
    {
        var deleted = await IfThereAsync(
            name,
            async channel => (long)await channel.QueueDeleteAsync(name, false, false).ConfigureAwait(false),
            "queue.delete").ConfigureAwait(false);
        if (deleted is not null && DelayLadder.IsStep(name))
        {
            await DoAsync(channel => channel.ExchangeDeleteAsync(name), "exchange.delete").ConfigureAwait(false);
        }

        return deleted;
    }

    public Task<long?> PurgeAsync(string name) => IfThereAsync(
        name,
        async channel => (long)await channel.QueuePurgeAsync(name).ConfigureAwait(false),
        "queue.purge");

    /// <summary>A stream keeps what it delivered: no ack takes a job out, and a job waits behind none.</summary>
    private async Task RefuseStreamAsync(QueuePlan plan)
    {
        if (await _probe.FindOutAsync(plan).ConfigureAwait(false) is { IsStream: true })
        {
            throw new TransportException(new(TransportFailureKind.Refused, QueueWords.IsStream(plan.Name)));
        }
    }

    private async Task<bool> ExchangeExistsAsync(string name)
    {
        try
        {
            await DoAsync(channel => channel.ExchangeDeclarePassiveAsync(name), "exchange.declare")
                .ConfigureAwait(false);
            return true;
        }
        catch (TransportException none) when (none.Failure.Kind == TransportFailureKind.NotFound)
        {
            return false;
        }
    }

    private Task DoAsync(Func<IChannel, Task> call, string what) => link.OnceAsync(
        async channel =>
        {
            await call(channel).ConfigureAwait(false);
            return true;
        },
        what);

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
