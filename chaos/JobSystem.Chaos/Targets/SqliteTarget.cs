namespace JobSystem.Chaos.Targets;

/// <summary>
/// The embedded broker: a job file in the run's folder. It has no process of its own, so it breaks when those who use
/// it do. The file stays in the folder when the run ends: it is evidence, and gone with the folder.
/// </summary>
/// <param name="folder">The run's; it is made when it is not there.</param>
internal sealed class SqliteTarget(string folder) : UntouchedTarget
{
    /// <summary>What the URI of a job file begins with.</summary>
    public const string Scheme = "sqlite:";

    public override string Name => "sqlite";

    public override string Description => "the embedded broker, a SQLite file";

    public override TargetPowers Powers => TargetPowers.None;

    public override Task<IReadOnlyList<Uri>> UpAsync(string space, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TargetException($"The folder of the job file cannot be made: {error.Message}");
        }

        Uris = [new Uri($"{Scheme}{Path.Combine(Path.GetFullPath(folder), $"{space}.db")}")];
        return Task.FromResult(Uris);
    }

    public override Task DownAsync(CancellationToken cancel) => Task.CompletedTask;
}
