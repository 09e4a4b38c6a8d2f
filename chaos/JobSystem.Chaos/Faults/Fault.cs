
namespace JobSystem.Chaos.Faults;

/// <summary>
/// One disturbance, from its injection to its end. A file of this folder is one kind: what it breaks, how that is
/// proven, how it is undone. Made right before it is injected, so it picks its victim among those that live then.
/// The order of calls: <see cref="PrepareAsync"/>, <see cref="Revert"/> is journaled, <see cref="InjectAsync"/>,
/// <see cref="ProveAsync"/>, the time of <see cref="Duration"/> passes, <see cref="HealAsync"/>. Whatever fails,
/// <see cref="HealAsync"/> is called.
/// </summary>
public abstract class Fault
{
    /// <summary>Who suffers, in words: <c>worker-2.3 (process 4711)</c>.</summary>
    public abstract string Victim { get; }

    /// <summary>From the proof to the healing. Zero: it is over as soon as it has happened.</summary>
    public virtual TimeSpan Duration => TimeSpan.Zero;

    /// <summary>
    /// What undoes it when this process has gone; in the order in which it is to be done, each may be done twice.
    /// Empty: it ends by itself, or with this process.
    /// </summary>
    public virtual IReadOnlyList<Reverting.Revert> Revert => [];

    /// <summary>
    /// Looks for its victim where that takes a while, so that <see cref="Victim"/> and <see cref="Revert"/> can name
    /// it.
    /// Breaks nothing. Without it they are less exact.
    /// </summary>
    /// <exception cref="FaultException">There is no victim.</exception>
    public virtual Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <exception cref="FaultException">It could not be injected.</exception>
    public abstract Task InjectAsync(CancellationToken cancel);

    /// <summary>Waits until it is seen that the fault took effect, and says what was seen.</summary>
    /// <exception cref="FaultException">No effect was seen in time: the run proves nothing of this fault.</exception>
    public abstract Task<string> ProveAsync(CancellationToken cancel);

    /// <summary>Back to normal; returns when what was broken can be expected to recover (the broker answers).</summary>
    /// <exception cref="FaultException">It could not be undone.</exception>
    public virtual Task HealAsync(CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>A fault could not be injected, proven or undone; the text says why and what to check.</summary>
public class FaultException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There was nothing that the fault could have hit, so it was not tried; the text says what was missing.
/// </summary>
public sealed class NoOccasionException(string message) : FaultException(message);
