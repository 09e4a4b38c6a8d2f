using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Toxics;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// A consumer is cancelled as a broker does it (a queue that moved, a time that ran out): a <c>basic.cancel</c> comes,
/// the connection stays, and nothing is delivered any more. A client that does not listen is idle for ever. Proven
/// when the client was told and consumes again.
/// </summary>
internal sealed class ConsumerCancel(FaultContext context, FaultArguments arguments) : Fault
{
    private readonly AmqpProxy _victim = arguments.Victim(context);
    private ConsumerCancellation? _cancellation;
    private string _tag = "a consumer";
    private long _consumes;

    public static FaultKind Kind { get; } = new(
        "consumer-cancel",
        "A worker's consumer is cancelled by the broker; its connection stays.",
        [NetworkTerms.WhoOne("worker")],
        TargetPowers.Amqp,
        static (arguments, context) => new ConsumerCancel(context, arguments));

    public override string Victim => $"{_tag} of {_victim.Member}";

    /// <summary>A worker that comes back has its connection before it consumes: the one who asks tries again.</summary>
    public override Task PrepareAsync(CancellationToken cancel) =>
        _victim.Connections.Any(connection => connection.Book.Consumers.Count > 0)
            ? Task.CompletedTask
            : throw new FaultException($"{_victim.Member} consumes nothing.");

    public override Task InjectAsync(CancellationToken cancel)
    {
        var consumers = _victim.Connections
            .SelectMany(connection => connection.Book.Consumers.Select(consumer => (connection, consumer)))
            .ToList();
        if (consumers.Count == 0)
        {
            throw new FaultException($"{_victim.Member} consumes nothing.");
        }

        var (connection, (channel, tag)) = consumers[context.Random.Next(consumers.Count)];
        _tag = $"consumer {tag}";
        _consumes = Consumes();
        _cancellation = new ConsumerCancellation(connection, channel, tag);
        _victim.Add(_cancellation);
        if (!_cancellation.TryBegin())
        {
            _victim.Remove(_cancellation);
            throw new FaultException($"{Victim} had gone before it could be cancelled.");
        }

        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfAsync(_cancellation!.Took, $"{Victim} was not cancelled by the broker", context.Clock, cancel);
        await Proof.OfAsync(
            _victim, () => Consumes() > _consumes, $"{_victim.Member} did not consume again", context.Clock, cancel);
        return $"{_tag} was cancelled, and {_victim.Member} consumes again";
    }

    private long Consumes() => _victim.Counters(Direction.ToClient).Total.Consumes;
}
