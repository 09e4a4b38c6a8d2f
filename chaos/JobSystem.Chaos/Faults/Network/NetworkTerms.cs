using JobSystem.Chaos.Proxy;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>The settings that faults of the network have in common, their defaults and how they are read.</summary>
internal static class NetworkTerms
{
    private static readonly string[] _whoOne = ["worker", "producer", "any"];
    private static readonly string[] _who = [.. _whoOne, "all"];
    private static readonly string[] _directions = ["both", "to-broker", "to-client"];

    public static FaultSetting For(string time) => FaultSetting.Duration("for", time, "How long.");

    public static FaultSetting Who(string who) => FaultSetting.Choice(
        "who", who, "Whose connections: one worker's, one producer's, any one's, or all.", _who);

    public static FaultSetting WhoOne(string who) => FaultSetting.Choice(
        "who", who, "Whose connection: a worker's, a producer's, or any one's.", _whoOne);

    public static FaultSetting Towards(string direction) => FaultSetting.Choice(
        "direction", direction, "Which bytes: both, to-broker or to-client.", _directions);

    public static Direction Direction(this FaultArguments arguments) =>
        arguments.Choice("direction") switch
        {
            "to-broker" => Proxy.Direction.ToBroker,
            "to-client" => Proxy.Direction.ToClient,
            _ => Proxy.Direction.Both,
        };

    /// <summary>The proxies of those it is about, drawn among the processes that are connected now and under
    /// no other fault.</summary>
    /// <exception cref="FaultException">There is none, or there are no proxies.</exception>
    public static IReadOnlyList<AmqpProxy> Victims(this FaultArguments arguments, FaultContext context) =>
        Victims(arguments.Choice("who"), context);

    /// <summary>The proxy of the one it is about.</summary>
    /// <param name="arguments">Say who.</param>
    /// <param name="context">Has them.</param>
    /// <param name="any">Who is meant where anybody is; not everybody has what is to be broken.</param>
    /// <exception cref="FaultException">There is none, or there are no proxies.</exception>
    public static AmqpProxy Victim(this FaultArguments arguments, FaultContext context, string any = "any") =>
        Victims(arguments.Choice("who") is not "any" and var who ? who : any, context)[0];

    private static IReadOnlyList<AmqpProxy> Victims(string who, FaultContext context)
    {
        var farm = context.Proxies
            ?? throw new FaultException("The run has no proxies: nobody can disturb its network.");
        if (who == "producer" && context.Fleet.AreProducersDone)
        {
            throw new NoOccasionException("Every producer has enqueued all its jobs.");
        }

        var processes = (who switch
        {
            "worker" => context.Fleet.Workers,
            "producer" => context.Fleet.Producers,
            _ => context.Fleet.Workers.Concat(context.Fleet.Producers),
        }).Where(process => farm.Of(process.Member).Connections.Count > 0)
            .DistinctBy(process => process.Member).ToArray();
        if (who == "all" && processes.Length > 0)
        {
            return [.. processes.Select(process => farm.Of(process.Member))];
        }

        context.Random.Shuffle(processes);
        return Array.Find(processes, process => context.Claims.TryTake(process.Name, context.Claimant)) is { } victim
            ? [farm.Of(victim.Member)]
            : throw new FaultException(
                $"No process is connected and free of other faults whose network could be disturbed (who: {who}).");
    }
}
