namespace JobSystem.Cli.Arguments;

/// <summary>Names of verbs that others than the verb itself must know.</summary>
internal static class VerbNames
{
    /// <summary>Hidden: a worker process of the demo.</summary>
    public const string DemoWorker = "demo-worker";
}
