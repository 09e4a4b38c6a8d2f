namespace JobSystem.Chaos.Proxy;

/// <summary>Which way bytes go.</summary>
[Flags]
internal enum Direction
{
    ToBroker = 1,
    ToClient = 2,
    Both = ToBroker | ToClient,
}
