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

    public static ActorSystem Start(string name, TimeProvider timeProvider) =>
        TimeProviderScheduler.Start(timeProvider, () => ActorSystem.Create(name, Configuration));
}
