using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Topology;

/// <summary>
/// Finds, adopts and declares queues on one connection. Each call has a channel of its own, because a refused one
/// closes it. A queue that exists is never fought over: it is taken as it is, and its hazards are named.
/// </summary>
internal sealed class RabbitQueues(RabbitLink link)
{
    // More than a queue has properties: a broker that answers in circles is not asked for ever.
    private const int MaxProbes = 24;

    /// <summary>Makes sure that a lane exists. Declared as ours where it is missing, else adopted.</summary>
    public async Task EnsureAsync(string queue, Lane lane)
    {
        var plan = RabbitTopology.QueueOf(queue, lane, link.Version);
        if (await FindAsync(plan.Name).ConfigureAwait(false) is not null)
        {
            return;
        }

        if (lane != Lane.Dead)
        {
            await EnsureAsync(queue, Lane.Dead).ConfigureAwait(false);
        }

        try
        {
            await DeclareAsync(plan).ConfigureAwait(false);
            Log.Declared(link.Logger, plan.Name, "quorum");
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
            await channel.ExchangeDeclareAsync(step.Name, ExchangeType.Fanout, durable: true).ConfigureAwait(false);
            await DeclareAsync(channel, plan).ConfigureAwait(false);
            await channel.QueueBindAsync(step.Name, step.Name, routingKey: "").ConfigureAwait(false);
            return true;
        }, "declaring a delay").ConfigureAwait(false);
    }

    /// <summary>What the broker knows of a queue, by its name there; null: it has none of that name.</summary>
    public async Task<QueueInfo?> InspectAsync(string name)
    {
        if (await FindAsync(name).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var properties = await ProbeAsync(ExpectedPlan(name)).ConfigureAwait(false);
        return new QueueInfo(name, properties?.Kind, properties?.Plan.Durable, found.MessageCount, found.ConsumerCount,
            properties?.Hazards() ?? []);
    }

    /// <summary>Declares a work queue as asked, and its lanes where they are missing.</summary>
    public async Task DeclareAsync(QueueDeclaration declaration)
    {
        var plan = RabbitTopology.QueueOf(declaration.Queue, Lane.Work, link.Version, declaration.Kind);
        await EnsureAsync(declaration.Queue, Lane.Dead).ConfigureAwait(false);
        try
        {
            await DeclareAsync(plan).ConfigureAwait(false);
        }
        catch (TransportException refused) when (refused.Failure.Kind == TransportFailureKind.Inequivalent)
        {
            var has = await ProbeAsync(plan).ConfigureAwait(false);
            throw new TransportException(
                new(TransportFailureKind.Inequivalent, QueueWords.Otherwise(plan, has?.Plan, refused.Failure.Text)),
                refused);
        }

        await EnsureAsync(declaration.Queue, Lane.Suspects).ConfigureAwait(false);
    }

    public Task<long?> DeleteAsync(string name) => IfThereAsync(
        name,
        async channel => (long)await channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false)
            .ConfigureAwait(false),
        "queue.delete");

    public Task<long?> PurgeAsync(string name) => IfThereAsync(name, async channel =>
        (long)await channel.QueuePurgeAsync(name).ConfigureAwait(false), "queue.purge");

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

    /// <summary>A queue.delete of RabbitMQ succeeds on what is not there, so it is looked for first.</summary>
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

    /// <summary>
    /// Finds out what an existing queue is: declares it as expected and corrects the plan by each refusal, until the
    /// broker agrees. Null where it says nothing that can be read (a permission is missing, say).
    /// </summary>
    private async Task<QueueProperties?> ProbeAsync(QueuePlan plan)
    {
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            try
            {
                await DeclareAsync(plan).ConfigureAwait(false);
                return new QueueProperties(plan, link.Version);
            }
            catch (TransportException refused) when (refused.Failure.Kind == TransportFailureKind.Inequivalent)
            {
                if (Inequivalence.Parse(refused.Failure.Text) is not { } otherwise)
                {
                    return null;
                }

                plan = otherwise.Adjust(plan);
            }
            catch (TransportException refused) when (refused.Failure.Kind
                is TransportFailureKind.AccessRefused or TransportFailureKind.Refused)
            {
                return null;
            }
        }

        return null;
    }

    private QueuePlan ExpectedPlan(string name) => name.EndsWith(Lanes.DeadSuffix, StringComparison.Ordinal)
        ? RabbitTopology.QueueOf(name[..^Lanes.DeadSuffix.Length], Lane.Dead, link.Version)
        : name.EndsWith(Lanes.SuspectsSuffix, StringComparison.Ordinal)
            ? RabbitTopology.QueueOf(name[..^Lanes.SuspectsSuffix.Length], Lane.Suspects, link.Version)
            : RabbitTopology.QueueOf(name, Lane.Work, link.Version);

    private Task<bool> DeclareAsync(QueuePlan plan) => link.OnceAsync(async channel =>
    {
        await DeclareAsync(channel, plan).ConfigureAwait(false);
        return true;
    }, "queue.declare");

    private static Task<QueueDeclareOk> DeclareAsync(IChannel channel, QueuePlan plan) => channel.QueueDeclareAsync(
        plan.Name, plan.Durable, exclusive: false, plan.AutoDelete, new Dictionary<string, object?>(plan.Arguments));
}
