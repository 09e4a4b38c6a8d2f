namespace JobSystem.Chaos.Targets;

/// <summary>
/// Somebody else's broker: it is used and never touched. The run takes place in the virtual host of its URI, beside
/// whatever else is there; only queues that the run makes are the run's.
/// </summary>
internal sealed class ExternalTarget(Uri uri, TimeProvider clock) : UntouchedTarget
{
    private AmqpServer? _server;

    public override string Name => "external";

    public override string Description => $"{_server?.ToString() ?? "a broker"} at {uri.Host}, not ours";

    public override Version? Version => _server?.Version;

    public override TargetPowers Powers => TargetPowers.Amqp;

    public override async Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel)
    {
        _server = await AmqpServer.GreetAsync(uri, clock, cancel);
        return Uris = [uri];
    }

    public override Task DownAsync(CancellationToken cancel) => Task.CompletedTask;
}
