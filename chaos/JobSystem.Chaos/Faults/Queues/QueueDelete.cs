using JobSystem.Chaos.Targets;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// The run's queue is deleted under its consumers, which the broker cancels; publishes are returned as unroutable until
/// somebody declares it again. First everything ready is taken off and told to be destroyed, id by id, and up to the
/// end whatever comes is taken as well. Jobs that workers hold then are theirs: a worker that lives finishes them; one
/// that dies meanwhile loses them for good, so experiments keep the death of workers apart from this fault. What the
/// broker counts beyond that is told, too: it can be put down to no id. Proven by the cancellation of our own consumer;
/// healed when the queue is there again, which is the workers' affair.
/// </summary>
internal sealed class QueueDelete(Lab lab) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private int _taken;
    private uint _unknown;

    public static FaultKind Kind { get; } = new(
        "queue-delete",
        "The run's queue is deleted under its consumers; what stood in it is destroyed.",
        [],
        TargetPowers.Amqp,
        static (_, lab) => new QueueDelete(lab));

    public override string Victim => $"the queue {lab.Queue} and what stands in it";

    public override async Task InjectAsync(CancellationToken cancel)
    {
        await using var drain = await QueueDrain.OpenAsync(lab, "deleted with its queue", cancel);
        _unknown = await drain.DeleteAsync(cancel);
        _taken = drain.Taken;
        if (_unknown > 0)
        {
            lab.Destroyed([], $"{_unknown} more went with the queue, unknown which");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Task.FromResult(
        $"the broker cancelled the consumers of {lab.Queue}; {_taken} messages destroyed, {_unknown} unknown");

    public override Task HealAsync(CancellationToken cancel) => Evidence.SeenAsync(
        lab.Clock,
        $"the queue {lab.Queue}, declared again by those who need it",
        _patience,
        async late => await IsThereAsync(late) ? lab.Queue : null,
        cancel);

    private async Task<bool> IsThereAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await AmqpServer.FactoryFor(lab.Target.Uris[0]).CreateConnectionAsync(cancel);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
            await channel.QueueDeclarePassiveAsync(lab.Queue, cancel);
            return true;
        }
        catch (Exception error) when (error is OperationInterruptedException or BrokerUnreachableException
            or AlreadyClosedException or IOException)
        {
            return false;
        }
    }
}
