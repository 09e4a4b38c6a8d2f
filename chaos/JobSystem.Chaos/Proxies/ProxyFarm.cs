namespace JobSystem.Chaos.Proxies;

/// <summary>The fault proxies of a run: one listener for each seat of the fleet and each node of the broker.</summary>
public sealed class ProxyFarm;
