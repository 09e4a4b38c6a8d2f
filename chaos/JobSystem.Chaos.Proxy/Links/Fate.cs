namespace JobSystem.Chaos.Proxy.Links;

/// <summary>What becomes of a frame.</summary>
internal readonly record struct Fate
{
    public static readonly Fate Pass;

    /// <summary>It never arrives.</summary>
    public static readonly Fate Swallow = new() { Kind = FateKind.Replace };

    public FateKind Kind { get; private init; }

    /// <summary>Of a cut: how many of its bytes still arrive.</summary>
    public long Kept { get; private init; }

    /// <summary>What arrives in its place: whole frames, or nothing.</summary>
    public ReadOnlyMemory<byte> Replacement { get; private init; }

    /// <summary>The connection breaks in the middle of it.</summary>
    public static Fate Cut(long kept) => new() { Kind = FateKind.Cut, Kept = kept };

    public static Fate Replace(ReadOnlyMemory<byte> frames) =>
        new() { Kind = FateKind.Replace, Replacement = frames };
}

/// <summary>The kinds of fate.</summary>
internal enum FateKind
{
    Pass,
    Replace,
    Cut,
}
