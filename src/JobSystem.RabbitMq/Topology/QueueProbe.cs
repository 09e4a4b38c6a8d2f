using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Topology;

/// <summary>Declares queues, and finds out by it what an existing one is.</summary>
internal sealed class QueueProbe(RabbitLink link)
{
    // More than a queue has properties: a broker that answers in circles is not asked forever.
    private const int MaxTries = 24;

    /// <exception cref="TransportException"><see cref="TransportFailureKind.Inequivalent"/>.</exception>
    public Task DeclareAsync(QueuePlan plan) => link.OnceAsync(
        channel => DeclareAsync(channel, plan), "queue.declare");

    public static Task<QueueDeclareOk> DeclareAsync(IChannel channel, QueuePlan plan) =>
        channel.QueueDeclareAsync(
        plan.Name, plan.Durable, exclusive: false, plan.AutoDelete,
        new Dictionary<string, object?>(plan.Arguments));

    /// <summary>
    /// Declares an existing queue as it is expected to be, and corrects the plan by each refusal until the
    /// broker agrees. Null where it says nothing that can be read (a permission is missing, say).
    /// </summary>
    public async Task<QueueProperties?> FindOutAsync(QueuePlan plan)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            try
            {
                await DeclareAsync(plan).ConfigureAwait(false);
                return new QueueProperties(plan, link.Version);
            }
            catch (TransportException refused)
                when (refused.Failure.Kind == TransportFailureKind.Inequivalent
                    && Inequivalence.Parse(refused.Failure.Text) is { } otherwise)
            {
                plan = otherwise.Adjust(plan);
            }
            catch (TransportException refused)
                when (refused.Failure.Kind is TransportFailureKind.AccessRefused
                    or TransportFailureKind.Refused or TransportFailureKind.Inequivalent)
            {
                return null;
            }
        }

        return null;
    }
}
