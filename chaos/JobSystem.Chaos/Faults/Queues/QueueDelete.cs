using JobSystem.Chaos.Faults.Brokers;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// The run's queue is deleted under its consumers, which the broker cancels; publishes are returned as unroutable until
/// somebody declares it again. First everything ready is taken off and told to be destroyed, id by id.
/// Two things nobody could name. A publish that is on its way into the queue in that very moment: the broker confirms
/// it though the queue is gone. So publishers are blocked before (a memory alarm) and let go afterwards, unless
/// <c>gate</c> says no: then such jobs are lost indeed, confirmed by the broker, and the verdict says so. And jobs that
/// workers hold: one that lives finishes them, one that dies meanwhile loses them for good, so experiments keep the
/// death of workers apart from this fault.
/// Proven by the cancellation of our own consumer; healed when the queue is there again, which is the workers' affair.
/// </summary>
internal sealed class QueueDelete(FaultContext context, bool isGated) : Fault
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly ResourceAlarm.Resource _gate = ResourceAlarm.Memory;
    private int _taken;
    private uint _unknown;

    public static FaultKind Kind { get; } = new(
        "queue-delete",
        "The run's queue is deleted under its consumers, with the messages in it.",
        [
            FaultSetting.Choice(
                "gate", "yes", "Publishers are blocked meanwhile. No: the broker confirms what it loses.", "yes", "no"),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) => new QueueDelete(context, arguments.Choice("gate") == "yes"));

    public override string Victim => $"the queue {context.Queue} and what stands in it";

    public override IReadOnlyList<Revert> Revert => isGated
        ? [context.Target.ControlToRevert(1, _gate.Clear(context.Target.Version), "let the publishers go")]
        : [];

    public override async Task InjectAsync(CancellationToken cancel)
    {
        try
        {
            if (isGated)
            {
                await context.Target.ControlAsync(1, _gate.Raise, cancel);
            }

            await using var drain = await QueueDrain.OpenAsync(context, "deleted with its queue", cancel);
            _unknown = await drain.DeleteAsync(untilCalm: isGated, cancel);
            _taken = drain.Taken;
        }
        finally
        {
            await OpenGateAsync(cancel);
        }

        if (_unknown > 0)
        {
            context.Destroyed([], $"{_unknown} more went with the queue, unknown which");
        }
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Task.FromResult(
        $"the broker cancelled the consumers of {context.Queue}; {_taken} messages destroyed, {_unknown} unknown");

    public override async Task HealAsync(CancellationToken cancel)
    {
        await OpenGateAsync(cancel);
        await Evidence.SeenAsync(
            context.Clock,
            $"the queue {context.Queue}, declared again by those who need it",
            _patience,
            async late => await IsThereAsync(late) ? context.Queue : null,
            cancel);
    }

    private Task OpenGateAsync(CancellationToken cancel) => isGated
        ? context.Target.ControlAsync(1, _gate.Clear(context.Target.Version), cancel)
        : Task.CompletedTask;

    private async Task<bool> IsThereAsync(CancellationToken cancel)
    {
        try
        {
            var factory = AmqpServer.FactoryFor(context.Target.Uris[0]);
            await using var connection = await factory.CreateConnectionAsync(cancel);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
            await channel.QueueDeclarePassiveAsync(context.Queue, cancel);
            return true;
        }
        catch (Exception error) when (error is OperationInterruptedException or BrokerUnreachableException
            or AlreadyClosedException or IOException)
        {
            return false;
        }
    }
}
