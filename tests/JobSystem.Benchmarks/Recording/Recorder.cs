namespace JobSystem.Benchmarks.Recording;

/// <summary>Runs the parts one after another, prints what each has measured, and writes the document.</summary>
internal static class Recorder
{
    public static async Task RunAsync(RecordSettings settings, Live live, CancellationToken cancel)
    {
        var sections = new List<Section>();
        await using var bench = new Bench(settings.Effort, live, settings.Broker, cancel);
        for (var index = 0; index < settings.Parts.Count; index++)
        {
            live.Begin(settings.Parts[index].Name, index + 1, settings.Parts.Count);
            var section = await settings.Parts[index].RunAsync(bench);
            live.Print(section.ToText());
            sections.Add(section);
        }
    }
}
