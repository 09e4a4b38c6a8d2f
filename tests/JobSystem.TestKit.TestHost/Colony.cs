using Akka.Actor;

namespace JobSystem.TestKit.TestHost;

/// <summary>
/// Two systems of actors that tell, watch, stash, await, fail, restart, stop and start each other at random. What
/// Akka keeps in dictionaries (children, watchers, subscribers) matters on each of these ways.
/// </summary>
public sealed class Colony
{
    private const int Size = 8;
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(20);
    private readonly List<IActorRef> _members = [];

    private Colony(ulong seed) => Simulation = new Simulation(seed);

    internal Simulation Simulation { get; }

    /// <summary>Of every message in the order in which it was handled, with the receiver's path and uid.</summary>
    internal ulong LogHash { get; private set; }

    internal long Messages { get; private set; }

    /// <summary>Everything that two runs of one seed must have in common, in one line.</summary>
    public static string Play(ulong seed)
    {
        var colony = new Colony(seed);
        Simulation simulation = colony.Simulation;
        List<ActorSystem> systems = [simulation.StartSystem("left"), simulation.StartSystem("right")];
        foreach (ActorSystem system in systems)
        {
            system.ActorOf(Props.Create(() => new Founder(colony, Size)), "founder");
        }

        simulation.RunFor(_life);
        simulation.Await(() => Task.WhenAll(systems.Select(system => system.Terminate())));
        simulation.RunUntilIdle();
        return $"{seed} trace {simulation.TraceHash:x16} log {colony.LogHash:x16} steps {simulation.Steps} "
            + $"messages {colony.Messages} time {simulation.Time.Elapsed}";
    }

    /// <summary>Somebody in either system, maybe long dead.</summary>
    internal IActorRef Anybody(Random random) => _members[random.Next(_members.Count)];

    internal void Born(IActorRef member) => _members.Add(member);

    internal void Log(IActorRef receiver, object message)
    {
        Messages++;
        foreach (char letter in $"{Simulation.Time.Elapsed} {receiver} {message}")
        {
            LogHash = (LogHash ^ letter) * 1099511628211;
        }
    }
}
