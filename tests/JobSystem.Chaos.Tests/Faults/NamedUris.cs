// A real target that was not brought up, with addresses as if it had been: nothing answers there.
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Tests.Faults;

internal sealed class NamedUris(ITarget target) : ITarget
{
    public string Name => target.Name;

    public string Description => target.Description;

    public TargetPowers Powers => target.Powers;

    public Version? Version { get; } = new(4, 3, 6);

    public int Nodes => target.Nodes;

    public IReadOnlyList<Uri> Uris { get; } =
        [.. Enumerable.Range(1, target.Nodes).Select(node => new Uri($"amqp://guest:guest@127.0.0.1:{node}/run-1"))];

    public IReadOnlyList<Revert> Removal => target.Removal;

    public Task ReserveAsync(string space, CancellationToken cancel) => target.ReserveAsync(space, cancel);

    public Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel) => Task.FromResult(Uris);

    public Task DownAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StopAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task StartAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task KillAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task ForgetAsync(CancellationToken cancel) => target.ForgetAsync(cancel);

    public Task PauseAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task UnpauseAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task CutAsync(int node, CancellationToken cancel) => throw Untouched();

    public Task JoinAsync(int node, CancellationToken cancel) => throw Untouched();

    public IReadOnlyList<Revert> Recover(int node) => target.Recover(node);

    public Task<string> ControlAsync(int node, IReadOnlyList<string> arguments, CancellationToken cancel) =>
        throw Untouched();

    public Revert ControlToRevert(int node, IReadOnlyList<string> arguments, string why) =>
        target.ControlToRevert(node, arguments, why);

    public ValueTask DisposeAsync() => target.DisposeAsync();

    private static InvalidOperationException Untouched() => new("No broker is touched in a hermetic test.");
}
