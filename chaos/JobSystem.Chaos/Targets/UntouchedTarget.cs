using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Targets;

/// <summary>A broker that nobody's hands can break: every call that would is refused.</summary>
internal abstract class UntouchedTarget : ITarget
{
    public abstract string Name { get; }

    public abstract string Description { get; }

    public virtual Version? Version => null;

    public abstract TargetPowers Powers { get; }

    public int Nodes => 1;

    public IReadOnlyList<Uri> Uris { get; protected set; } = [];

    public virtual IReadOnlyList<Revert> Removal => [];

    public virtual string? Secret => null;

    public virtual string? QueueOf(string space) => null;

    public virtual Task ReserveAsync(string space, CancellationToken cancel) => Task.CompletedTask;

    public abstract Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel);

    public abstract Task DownAsync(CancellationToken cancel);

    public Task StopAsync(int node, CancellationToken cancel) => throw Refused("stopped");

    public Task StartAsync(int node, CancellationToken cancel) => throw Refused("started");

    public Task KillAsync(int node, CancellationToken cancel) => throw Refused("killed");

    public Task ForgetAsync(CancellationToken cancel) => throw Refused("made to forget");

    public Task PauseAsync(int node, CancellationToken cancel) => throw Refused("paused");

    public Task UnpauseAsync(int node, CancellationToken cancel) => throw Refused("unpaused");

    public Task CutAsync(int node, CancellationToken cancel) => throw Refused("cut off");

    public Task JoinAsync(int node, CancellationToken cancel) => throw Refused("joined");

    public IReadOnlyList<Revert> Recover(int node) => [];

    public Task<string> ControlAsync(int node, IReadOnlyList<string> arguments, CancellationToken cancel) =>
        throw Refused("told anything");

    public Revert ControlToRevert(int node, IReadOnlyList<string> arguments, string why) =>
        throw Refused("told anything");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TargetException Refused(string what) =>
        new($"The broker {Name} cannot be {what} by us: choose one of {string.Join(", ", TargetCatalog.OurBrokers)}.");
}
