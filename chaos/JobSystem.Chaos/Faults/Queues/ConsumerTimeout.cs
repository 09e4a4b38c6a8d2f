using System.Globalization;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Queues;

/// <summary>
/// For a while the broker takes a job away from a worker that has not acked it in time. From 4.3 a policy of the queue
/// says so, and the broker cancels the consumer; before, a setting of each node, and the broker closes the channel with
/// 406. Either way only consumers that come afterwards are under it, so all connections are closed at both ends of the
/// fault. Jobs must take longer than <c>timeout</c> to meet it. Proven by the policy, or the setting read back.
/// </summary>
internal sealed class ConsumerTimeout(FaultContext context, TimeSpan timeout, TimeSpan duration) : Fault
{
    // As RabbitMQ has them of itself, 3.10 to 4.2: half an hour, looked at once a minute.
    private const int StandardTimeout = 1_800_000;
    private const int StandardLook = 60_000;
    private const int QuickLook = 500;
    private static readonly Version _byPolicy = new(4, 3);

    public static FaultKind Kind { get; } = new(
        "consumer-timeout",
        "The broker has a short consumer timeout for a while: it takes back jobs that are not acked in time.",
        [
            FaultSetting.Duration("for", "20s", "How long."),
            FaultSetting.Duration("timeout", "2s", "How long a job may go without its ack."),
        ],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) =>
            new ConsumerTimeout(context, arguments.Duration("timeout"), arguments.Duration("for")));

    public override string Victim => $"jobs of {context.Queue} that take longer than {timeout.TotalSeconds:0.#} s";

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Revert> Revert => IsByPolicy
        ? [context.ClearPolicyRevert()]
        : [.. Nodes.Select(node => context.Target.ControlToRevert(node, Restore(), "restore the consumer timeout"))];

    private bool IsByPolicy => context.Target.Version >= _byPolicy;

    private IEnumerable<int> Nodes => Enumerable.Range(1, context.Target.Nodes);

    private long Milliseconds => (long)timeout.TotalMilliseconds;

    public override async Task InjectAsync(CancellationToken cancel)
    {
        if (IsByPolicy)
        {
            await context.SetPolicyAsync($$"""{"consumer-timeout":{{Milliseconds}}}""", cancel);
            await context.PolicySeenAsync(isThere: true, cancel);
        }
        else
        {
            await OnEachNodeAsync(Set(Milliseconds, QuickLook), cancel);
        }

        await context.CloseConnectionsAsync("chaos: consumers under a new timeout", cancel);
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        if (IsByPolicy)
        {
            return await context.PolicySeenAsync(isThere: true, cancel);
        }

        var said = await context.ControlAnyAsync(["eval", "application:get_env(rabbit, consumer_timeout)."], cancel);
        return said.Contains(Milliseconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? $"the broker's consumer timeout is {Milliseconds} ms"
            : throw new FaultException($"The broker's consumer timeout is not {Milliseconds} ms but {said}.");
    }

    public override async Task HealAsync(CancellationToken cancel)
    {
        if (IsByPolicy)
        {
            await context.ClearPolicyAsync(cancel);
            await context.PolicySeenAsync(isThere: false, cancel);
        }
        else
        {
            await OnEachNodeAsync(Restore(), cancel);
        }

        await context.CloseConnectionsAsync("chaos: consumers under the standard timeout", cancel);
    }

    private static string[] Set(long timeout, int look) =>
    [
        "eval", $"application:set_env(rabbit, consumer_timeout, {timeout}), "
            + $"application:set_env(rabbit, channel_tick_interval, {look}).",
    ];

    private static string[] Restore() => Set(StandardTimeout, StandardLook);

    private async Task OnEachNodeAsync(string[] command, CancellationToken cancel)
    {
        foreach (var node in Nodes)
        {
            await context.Target.ControlAsync(node, command, cancel);
        }
    }
}
