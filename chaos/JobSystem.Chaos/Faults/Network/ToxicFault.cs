using JobSystem.Chaos.Proxy;
using JobSystem.Chaos.Proxy.Links;

namespace JobSystem.Chaos.Faults.Network;

/// <summary>
/// A fault that is a toxic in the proxies of its victims for a time. Proven when one of them says that it did
/// something; healed by taking it away.
/// </summary>
internal abstract class ToxicFault(
    FaultContext context, IReadOnlyList<AmqpProxy> victims, TimeSpan duration, Func<Toxic> create)
    : Fault
{
    private readonly (AmqpProxy Proxy, Toxic Toxic)[] _toxics = [.. victims.Select(proxy => (proxy, create()))];

    public override string Victim => $"the network of {Proof.Members(victims)}";

    public override TimeSpan Duration => duration;

    protected IEnumerable<Toxic> Toxics => _toxics.Select(each => each.Toxic);

    /// <summary>What a toxic's count is of, in words: <c>bytes came late</c>.</summary>
    protected abstract string Effect { get; }

    public override Task InjectAsync(CancellationToken cancel)
    {
        foreach (var (proxy, toxic) in _toxics)
        {
            proxy.Add(toxic);
        }

        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        await Proof.OfTrafficAsync(
            Task.WhenAny(Toxics.Select(toxic => toxic.Took)), $"Nothing was disturbed: no {Effect}",
            context.Clock, cancel);
        return $"{Proof.Number(Toxics.Sum(toxic => toxic.Touched))} {Effect}";
    }

    public override Task HealAsync(CancellationToken cancel)
    {
        foreach (var (proxy, toxic) in _toxics)
        {
            proxy.Remove(toxic);
        }

        return Task.CompletedTask;
    }
}
