using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Targets;

/// <summary>
/// The broker under test and the hands that break it. Calls return when it is done: <see cref="StartAsync"/> when the
/// broker answers, <see cref="KillAsync"/> when it does not any more.
/// </summary>
public interface ITarget : IAsyncDisposable
{
    /// <summary>As experiments name it: <c>compose</c>, <c>plain</c>, <c>4.0</c>, <c>4.3</c>, <c>cluster</c>,
    /// <c>sqlite</c>; somebody else's broker by its address.</summary>
    string Name { get; }

    /// <summary>Product and version in words; known after <see cref="UpAsync"/>.</summary>
    string Description { get; }

    TargetPowers Powers { get; }

    /// <summary>The server's version; known after <see cref="UpAsync"/>; null for what is no server.</summary>
    Version? Version { get; }

    /// <summary>How many nodes; 1 for the embedded broker, too. They are numbered from 1.</summary>
    int Nodes { get; }

    /// <summary>What <see cref="UpAsync"/> returned; empty before.</summary>
    IReadOnlyList<Uri> Uris { get; }

    /// <summary>What an undoing needs to know and no file may hold: the URI of somebody else's broker. Null: nothing.
    /// </summary>
    string? Secret => null;

    /// <summary>The work queue of a run that names none; null: any name will do, because the space is the run's.
    /// </summary>
    string? QueueOf(string space) => null;

    /// <summary>
    /// Finds out what <see cref="UpAsync"/> will change, and changes nothing: <see cref="Removal"/> is known
    /// afterwards, so that it can be journaled before anything is there to be removed.
    /// </summary>
    /// <param name="space">As for <see cref="UpAsync"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="TargetException">It cannot run here.</exception>
    Task ReserveAsync(string space, CancellationToken cancel);

    /// <summary>
    /// From whatever state to a running broker, with a space of its own for this run: a virtual host, a file.
    /// Installs or builds what is missing.
    /// </summary>
    /// <param name="space">Letters, digits, dots and dashes.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How clients reach the space, node by node; secrets inside. A file's path is as it was given in
    /// <see cref="Uri.OriginalString"/> only.</returns>
    /// <exception cref="TargetException">It cannot run here; the text says what to do.</exception>
    Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel);

    /// <summary>Removes the space, and ends the broker if <see cref="UpAsync"/> had started it.</summary>
    Task DownAsync(CancellationToken cancel);

    /// <summary>The same as something that can be journaled. Known after <see cref="ReserveAsync"/>.</summary>
    IReadOnlyList<Revert> Removal { get; }

    /// <summary>Gracefully; the data stay.</summary>
    Task StopAsync(int node, CancellationToken cancel);

    Task StartAsync(int node, CancellationToken cancel);

    /// <summary>SIGKILL; the data stay.</summary>
    Task KillAsync(int node, CancellationToken cancel);

    /// <summary>SIGKILL, and a new broker in its place that knows nothing but this run's space. One node only.
    /// </summary>
    Task ForgetAsync(CancellationToken cancel);

    /// <summary>Freezes the node with its connections open.</summary>
    Task PauseAsync(int node, CancellationToken cancel);

    Task UnpauseAsync(int node, CancellationToken cancel);

    /// <summary>The node and the others reach each other no more; clients still reach it.</summary>
    Task CutAsync(int node, CancellationToken cancel);

    /// <summary>Undoes <see cref="CutAsync"/>.</summary>
    Task JoinAsync(int node, CancellationToken cancel);

    /// <summary>What brings a node back whatever was done to it: unpaused, joined, started.</summary>
    IReadOnlyList<Revert> Recover(int node);

    /// <summary>Runs <c>rabbitmqctl</c> (or the program that the first word names:
    /// <c>rabbitmq-queues</c>, <c>rabbitmq-diagnostics</c>) and returns its output. About half a second a call.
    /// </summary>
    /// <exception cref="TargetException">It failed; the text has its words.</exception>
    Task<string> ControlAsync(int node, IReadOnlyList<string> arguments, CancellationToken cancel);

    /// <summary>What the broker has logged; null: it keeps no log that we could read.</summary>
    /// <exception cref="TargetException">It could not be read.</exception>
    Task<string?> LogAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>The same as something that can be journaled.</summary>
    Revert ControlToRevert(int node, IReadOnlyList<string> arguments, string why);
}

/// <summary>What a target can be made to do.</summary>
[Flags]
public enum TargetPowers
{
    None = 0,

    /// <summary>Stop and start.</summary>
    Restart = 1,

    /// <summary>SIGKILL and start.</summary>
    Kill = 2,

    Pause = 4,

    /// <summary>An operator's commands: <see cref="ITarget.ControlAsync"/>.</summary>
    Control = 8,

    /// <summary>Several nodes: one may be cut off or lead.</summary>
    Cluster = 16,

    /// <summary>It speaks AMQP over TCP, so a proxy can stand before it.</summary>
    Amqp = 32,
}

/// <summary>The target cannot do what was asked; the text says why and what to do.</summary>
public sealed class TargetException(string message) : Exception(message);
