namespace JobSystem.Cli.Arguments;

/// <summary>Names of verbs that others than the verb itself must know.</summary>
internal static class VerbNames
{
    /// <summary>What follows its dashes are bodies, not options.</summary>
    public const string Enqueue = "enqueue";

    /// <summary>Hidden: a worker process of the demo.</summary>
    public const string DemoWorker = "demo-worker";
}
