using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Targets;

/// <summary>
/// Somebody else's broker: it is used and never touched. The run takes place in the virtual host of its URI, beside
/// whatever else is there, with a queue of its own, which is deleted at the end.
/// </summary>
internal sealed class ExternalTarget(Uri uri, TimeProvider clock) : UntouchedTarget
{
    private AmqpServer? _server;
    private string? _space;

    public override string Name => $"{uri.Scheme}://{uri.Host}:{Port}";

    public override string Description => $"{_server?.ToString() ?? "a broker"} at {uri.Host}:{Port}, not ours";

    private string Port => uri.Port > 0 ? $"{uri.Port}" : uri.Scheme == "amqps" ? "5671" : "5672";

    public override Version? Version => _server?.Version;

    public override TargetPowers Powers => TargetPowers.Amqp;

    public override string? Secret => uri.OriginalString;

    public override IReadOnlyList<Revert> Removal => _space is { } space ? [ForeignQueues.ToRevert(space)] : [];

    public override string? QueueOf(string space) => space;

    public override Task ReserveAsync(string space, CancellationToken cancel)
    {
        _space = space;
        return Task.CompletedTask;
    }

    public override async Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel)
    {
        _space = space;
        _server = await AmqpServer.GreetAsync(uri, clock, cancel);
        return Uris = [uri];
    }

    public override async Task DownAsync(CancellationToken cancel)
    {
        if (_space is { } space && _server is not null)
        {
            await ForeignQueues.DropAsync(uri, space, clock, cancel);
        }

        (_space, _server) = (null, null);
    }
}
