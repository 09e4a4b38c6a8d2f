using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Handlers;
using JobSystem.Monitoring;

namespace JobSystem.Processing;

/// <summary>What one job system's tree is made of. Never changed.</summary>
/// <param name="Options">Settings of the process.</param>
/// <param name="Catalog">Which handler runs which job.</param>
/// <param name="Environment">Time and randomness.</param>
/// <param name="Broker">The way to the broker.</param>
/// <param name="Observation">What the tree tells the outside.</param>
/// <param name="Budget">How often it may restart.</param>
/// <param name="Refs">Filled in when the tree has started.</param>
/// <param name="Monitor">The monitor's part of it.</param>
/// <param name="Ended">Called when the tree has ended.</param>
internal sealed record TreePlan(
    JobSystemOptions Options,
    HandlerCatalog Catalog,
    ActorEnvironment Environment,
    BrokerAccess Broker,
    Observation Observation,
    RestartBudget Budget,
    TreeRefs Refs,
    MonitorPlan Monitor,
    Action Ended);

/// <summary>
/// Whom code outside of the tree tells what. A tree starts asynchronously: until its parts are there the guardian is
/// told, and passes it on.
/// </summary>
internal sealed class TreeRefs
{
    private static readonly Parts _none = new(default, default, default, []);

    private volatile Parts _parts = _none;

    public Ref<PublisherMessage> Publisher => _parts.Publisher;

    public Ref<MonitorMessage> Monitor => _parts.Monitor;

    public Ref<DrainMessage> Drain => _parts.Drain;

    /// <summary>None until the tree has started.</summary>
    public IReadOnlyList<Ref<RunnerMessage>> Runners => _parts.Runners;

    /// <summary>
    /// The tree was told to start. Its parts may be there already, since it starts on a thread of its own: then they
    /// stay, or the guardian would pass on to itself forever.
    /// </summary>
    public void Announce(IActorRef guardian) => Interlocked.CompareExchange(
        ref _parts, new Parts(new(guardian), new(guardian), new(guardian), []), _none);

    public void Open(
        Ref<PublisherMessage> publisher, Ref<MonitorMessage> monitor, Ref<DrainMessage> drain,
        IReadOnlyList<Ref<RunnerMessage>> runners) =>
        _parts = new Parts(publisher, monitor, drain, runners);

    private sealed record Parts(
        Ref<PublisherMessage> Publisher,
        Ref<MonitorMessage> Monitor,
        Ref<DrainMessage> Drain,
        IReadOnlyList<Ref<RunnerMessage>> Runners);
}
