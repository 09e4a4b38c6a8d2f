namespace JobSystem.Chaos.Targets;

/// <summary>
/// No broker at all: what is enqueued is finished there and then, in the producer. Shows what the load generator can
/// do and how true its schedule is.
/// </summary>
internal sealed class SinkTarget : UntouchedTarget
{
    public const string Word = "sink";

    /// <summary>Where producers find it.</summary>
    public static Uri Place { get; } = new("sink:");

    public override string Name => Word;

    public override string Description => "no broker: every job is swallowed at once";

    public override TargetPowers Powers => TargetPowers.None;

    public override Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel)
    {
        Uris = [Place];
        return Task.FromResult(Uris);
    }

    public override Task DownAsync(CancellationToken cancel) => Task.CompletedTask;
}
