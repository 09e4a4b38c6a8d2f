using Akka.Configuration;
using TimeProviderScheduler = JobSystem.Actors.TimeProviderScheduler;

namespace JobSystem.TestKit;

/// <summary>
/// The configuration of a system in a simulation. What the simulation rests on wins over the caller's lines: both
/// dispatchers, the scheduler, no loggers (Akka blocks until they have started), no coordinated shutdown (it runs on
/// the thread pool). The rest only makes a start quick, and the caller's lines win.
/// </summary>
internal static class SimulatedConfiguration
{
    private static readonly string _dispatcher = NameOf(typeof(SimulatedDispatcherConfigurator));

    private static readonly Config _fixed = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          scheduler.implementation = "{{TimeProviderScheduler.TypeName}}"
          coordinated-shutdown {
            run-by-actor-system-terminate = off
            run-by-clr-shutdown-hook = off
          }
          actor {
            default-dispatcher.type = "{{_dispatcher}}"
            internal-dispatcher.type = "{{_dispatcher}}"
            default-blocking-io-dispatcher.type = "{{_dispatcher}}"
            default-fork-join-dispatcher.type = "{{_dispatcher}}"
            synchronized-dispatcher.type = "{{_dispatcher}}"
            task-dispatcher.type = "{{_dispatcher}}"
          }
        }
        """);

    private static readonly Config _lean = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-serializer-override-on-start = off
        }
        """);

    private static readonly Config _usual = _fixed.WithFallback(_lean);

    internal static Config Of(Config? config) =>
        config is null ? _usual : _fixed.WithFallback(config).WithFallback(_lean);

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
