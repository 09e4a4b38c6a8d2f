using JobSystem.Benchmarks.Goals;

namespace JobSystem.Benchmarks.Recording;

/// <summary>Runs the parts one after another, prints what each has measured, and writes the document.</summary>
internal static class Recorder
{
    public static async Task RunAsync(RecordSettings settings, Live live, CancellationToken cancel)
    {
        var sections = new List<Section>();
        string? broker;
        await using (var bench = new Bench(settings.Effort, live, settings.Broker, cancel))
        {
            for (var index = 0; index < settings.Parts.Count; index++)
            {
                live.Begin(settings.Parts[index].Name, index + 1, settings.Parts.Count);
                var section = await settings.Parts[index].RunAsync(bench);
                live.Print(section.ToText());
                sections.Add(section);
            }

            broker = bench.UsedBroker?.Description;
        }

        if (GoalCatalog.Judge(sections) is { } goals)
        {
            live.Print($"Goals\n{goals.ToText()}");
        }

        if (settings.Out is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllTextAsync(file, Document.Write(sections, new Circumstances
            {
                Date = TimeProvider.System.GetUtcNow(),
                Took = live.Elapsed,
                Arguments = settings.Arguments,
                IsQuick = settings.Effort.IsQuick,
                Versions = Versions.Describe(),
                Broker = broker ?? "none was needed",
                Machine = Machine.Describe(),
            }), CancellationToken.None);
            live.Print($"Written to {file}.");
        }
    }
}
