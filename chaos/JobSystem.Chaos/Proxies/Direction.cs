namespace JobSystem.Chaos.Proxies;

/// <summary>Which way bytes go.</summary>
[Flags]
internal enum Direction
{
    ToBroker = 1,
    ToClient = 2,
    Both = ToBroker | ToClient,
}
