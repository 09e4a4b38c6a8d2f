using JobSystem.Chaos.Plans;

namespace JobSystem.Chaos.Experiments;

/// <summary>The experiments that ship: the files of <c>experiments/</c> beside the program.</summary>
public static class ExperimentCatalog
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "experiments");

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<Experiment> All => [.. Names.Select(name => Read(name))];

    public static IReadOnlyList<string> Names => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(),
    ];

    /// <param name="name">Of one that ships, or a file.</param>
    /// <param name="variables">Instead of the defaults.</param>
    /// <param name="overlay">What wins over the file.</param>
    /// <exception cref="ExperimentException">There is none, or it is wrong.</exception>
    public static Experiment Read(
        string name, IReadOnlyDictionary<string, string>? variables = null, YamlOverlay? overlay = null)
    {
        var shipped = Path.Combine(Folder, $"{name}.yaml");
        var file = File.Exists(name) ? name
            : File.Exists(shipped) ? shipped
            : throw new ExperimentException(
                $"There is no file '{name}' and no experiment of that name: see chaos experiments.");
        return ExperimentReader.Read(Path.GetFileName(file), ExperimentFile.Read(file), variables, overlay);
    }
}
