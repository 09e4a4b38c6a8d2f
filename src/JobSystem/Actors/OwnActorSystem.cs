using Akka.Actor;
using Akka.Configuration;

namespace JobSystem.Actors;

/// <summary>
/// An actor system for one job system and nothing else. Why not Akka's defaults: its loggers, its scheduler and the
/// serializers for remote actors make a process start 160 ms later and burn CPU when it is idle; and a process of ours
/// decides itself when it ends.
/// </summary>
internal static class OwnActorSystem
{
    public static Config Configuration { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation = "{{TimeProviderScheduler.TypeName}}"
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
        }
        """).WithFallback(ClosingMailbox.Configuration);

    private static Task<ActorSystem>? _prepared;

    /// <summary>
    /// Begins to start it on another thread: a program reads its arguments meanwhile. The next
    /// <see cref="Start"/> on the system's clock takes it.
    /// </summary>
    public static void Prepare() => _prepared = Task.Run(static () => Create(TimeProvider.System));

    public static ActorSystem Start(TimeProvider timeProvider) =>
        timeProvider == TimeProvider.System && Interlocked.Exchange(ref _prepared, null) is { } prepared
            ? prepared.GetAwaiter().GetResult()
            : Create(timeProvider);

    private static ActorSystem Create(TimeProvider timeProvider) => TimeProviderScheduler.Start(
        timeProvider, static () => ActorSystem.Create(JobSystemBuilder.DefaultName, Configuration));
}
