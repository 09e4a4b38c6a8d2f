using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Targets;

/// <summary>
/// A broker of our own: a process, a container, a cluster of containers. Owns a virtual host for its run, and the
/// broker if it was not there before. Ends: when brought down; a killed controller's is removed by its journal.
/// </summary>
/// <param name="name">As the script names it.</param>
/// <param name="what">In words: <c>a container</c>.</param>
/// <param name="script">The hands.</param>
/// <param name="nodes">How many; where there are several, verbs name the node.</param>
/// <param name="clock">For deadlines.</param>
internal sealed class ScriptTarget(string name, string what, BrokerScript script, int nodes, TimeProvider clock)
    : ITarget
{
    private const TargetPowers OneNode = TargetPowers.Restart | TargetPowers.Kill | TargetPowers.Pause
        | TargetPowers.Control | TargetPowers.Amqp;

    private AmqpServer? _server;
    private string? _space;
    private bool _isOurs;

    public string Name => name;

    public string Description => _server is null ? what : $"{_server}, {what}";

    public Version? Version => _server?.Version;

    public TargetPowers Powers => nodes > 1 ? OneNode | TargetPowers.Cluster : OneNode;

    public int Nodes => nodes;

    public IReadOnlyList<Uri> Uris { get; private set; } = [];

    public IReadOnlyList<Revert> Removal => (_isOurs, _space) switch
    {
        (true, _) => [script.ToRevert("down", [], $"end the broker {name} that the run had started")],
        (_, { } space) => [script.ToRevert("drop-vhost", [space], $"remove the run's virtual host from {name}")],
        _ => [],
    };

    public async Task ReserveAsync(string space, CancellationToken cancel)
    {
        _isOurs |= await script.RunAsync("status", [], cancel) == "down";
        _space = space;
    }

    public async Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel)
    {
        if (_space != space)
        {
            await ReserveAsync(space, cancel);
        }

        try
        {
            await script.RunAsync("up", [], cancel);
            var lines = await script.RunAsync("vhost", [space], cancel);
            Uris = [.. lines.Split('\n').Select(line => new Uri(line))];
            _server = await AmqpServer.GreetAsync(Uris[0], clock, cancel);
        }
        catch
        {
            await DownAsync(CancellationToken.None);
            throw;
        }

        return Uris;
    }

    public async Task DownAsync(CancellationToken cancel)
    {
        if (_isOurs)
        {
            await script.RunAsync("down", [], cancel);
        }
        else if (_space is { } space)
        {
            for (var node = 1; node <= nodes; node++)
            {
                await script.RunAsync("recover", At(node), cancel);
            }

            await script.RunAsync("drop-vhost", [space], cancel);
        }

        (_isOurs, _space, Uris) = (false, null, []);
    }

    public Task StopAsync(int node, CancellationToken cancel) => script.RunAsync("stop", At(node), cancel);

    public Task StartAsync(int node, CancellationToken cancel) => script.RunAsync("start", At(node), cancel);

    public Task KillAsync(int node, CancellationToken cancel) => script.RunAsync("kill", At(node), cancel);

    public async Task ForgetAsync(CancellationToken cancel)
    {
        await script.RunAsync("forget", [], cancel);
        await script.RunAsync("vhost", [_space!], cancel);
    }

    public Task PauseAsync(int node, CancellationToken cancel) => script.RunAsync("pause", At(node), cancel);

    public Task UnpauseAsync(int node, CancellationToken cancel) => script.RunAsync("unpause", At(node), cancel);

    public Task CutAsync(int node, CancellationToken cancel) => script.RunAsync("cut", At(node), cancel);

    public Task JoinAsync(int node, CancellationToken cancel) => script.RunAsync("join", At(node), cancel);

    public IReadOnlyList<Revert> Recover(int node) =>
        [script.ToRevert("recover", At(node), $"bring {(nodes > 1 ? $"node {node} of " : "")}the broker {name} back")];

    public Task<string> ControlAsync(int node, IReadOnlyList<string> arguments, CancellationToken cancel) =>
        script.RunAsync("ctl", [.. At(node), .. arguments], cancel);

    public async Task<string?> LogAsync(CancellationToken cancel) => await script.RunAsync("logs", [], cancel);

    public Revert ControlToRevert(int node, IReadOnlyList<string> arguments, string why) =>
        script.ToRevert("ctl", [.. At(node), .. arguments], why);

    /// <summary>A controller that was killed could not do more either: the run says when it brings the broker down.
    /// </summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string[] At(int node)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(node, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node, nodes);
        return nodes > 1 ? [$"{node}"] : [];
    }
}
