using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Brokers;

/// <summary>
/// The run's user loses its permissions in the run's virtual host and is thrown out: whoever comes back is refused
/// (530) until the permissions are there again. A client that does not back off storms. Proven by a refusal of our own.
/// </summary>
internal sealed class PermissionsRevoke(FaultContext context, TimeSpan duration) : Fault
{
    private const string All = ".*";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static FaultKind Kind { get; } = new(
        "permissions-revoke",
        "The run's user loses its permissions and its connections; until they are restored it is refused.",
        [FaultSetting.Duration("for", "5s", "How long.")],
        TargetPowers.Control | TargetPowers.Amqp,
        static (arguments, context) => new PermissionsRevoke(context, arguments.Duration("for")));

    public override string Victim => $"the user {User} and its connections";

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Revert> Revert =>
        [context.Target.ControlToRevert(1, Restore, $"give {User} its permissions back")];

    private string User => Uri.UnescapeDataString(context.Target.Uris[0].UserInfo.Split(':')[0]);

    private string[] Restore => ["-q", "set_permissions", "-p", context.VirtualHost(), User, All, All, All];

    public override async Task InjectAsync(CancellationToken cancel)
    {
        await context.ControlAnyAsync(["-q", "clear_permissions", "-p", context.VirtualHost(), User], cancel);
        await context.CloseConnectionsAsync("chaos: permissions revoked", cancel);
    }

    public override Task<string> ProveAsync(CancellationToken cancel) => Evidence.SeenAsync(
        context.Clock,
        $"a refusal of {User}",
        _patience,
        async late => await IsLetInAsync(late) ? null : $"{User} is refused",
        cancel);

    public override async Task HealAsync(CancellationToken cancel)
    {
        await context.ControlAnyAsync(Restore, cancel);
        await Evidence.SeenAsync(
            context.Clock,
            $"{User} let in",
            _patience,
            async late => await IsLetInAsync(late) ? User : null,
            cancel);
    }

    private async Task<bool> IsLetInAsync(CancellationToken cancel)
    {
        try
        {
            await AmqpServer.GreetAsync(context.Target.Uris[0], context.Clock, cancel);
            return true;
        }
        catch (TargetException)
        {
            return false;
        }
    }
}
