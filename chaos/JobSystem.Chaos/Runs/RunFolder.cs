using System.Text.Json;
using System.Text.Json.Serialization;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Plans;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// The folder of one run: <c>run.json</c> (what was run), <c>ledger/</c> (what was seen), <c>logs/</c> (what processes
/// and broker wrote), <c>undo.jsonl</c> (what was broken), the processes' settings, the reports. Enough to judge the
/// run again at any time.
/// </summary>
public sealed class RunFolder
{
    /// <summary>Logs of processes by their names, and the broker's.</summary>
    public const string LogFolder = "logs";

    /// <summary>Name of the broker's log among those of the processes.</summary>
    public const string BrokerLog = "broker";

    private const string FactsFile = "run.json";

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string Ledger => System.IO.Path.Combine(Path, "ledger");

    /// <summary>The logs that are there, as paths inside of the folder, by the process that wrote them.</summary>
    public IReadOnlyDictionary<string, string> Logs => !Directory.Exists(File(LogFolder))
        ? new Dictionary<string, string>()
        : Directory.EnumerateFiles(File(LogFolder), "*" + ProcessLog.Extension)
            .Select(System.IO.Path.GetFileName).OfType<string>()
            .ToDictionary(name => name[..^ProcessLog.Extension.Length], name => $"{LogFolder}/{name}");

    /// <summary>Makes a new one.</summary>
    /// <exception cref="IOException">There is one already, or it cannot be made.</exception>
    public static RunFolder Create(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        if (Directory.Exists(folder.Ledger))
        {
            throw new IOException($"{folder.Path} is the folder of another run: name a new one.");
        }

        Directory.CreateDirectory(folder.Ledger);
        return folder;
    }

    /// <exception cref="IOException">It is no folder of a run.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        return System.IO.File.Exists(folder.File(FactsFile)) && Directory.Exists(folder.Ledger)
            ? folder
            : throw new IOException($"{folder.Path} is no folder of a run: it has no {FactsFile} or no ledger.");
    }

    /// <summary>What the run's own part of the broker is called (a virtual host): its folder's name and a hash.
    /// </summary>
    public string SpaceName() => SpaceName(Path);

    /// <summary>The same of any folder.</summary>
    internal static string SpaceName(string path) =>
        $"chaos-{Verification.Histories.JobHistory.HashOf(System.Text.Encoding.UTF8.GetBytes(path)):x}";

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <exception cref="IOException">It could not be written; what was saved before is still there.</exception>
    public void Save(RunFacts facts) =>
        WholeFile.Write(File(FactsFile), JsonSerializer.Serialize(facts, _json));

    /// <summary>The end of it, where the broker has been up for long.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void SaveBrokerLog(string log)
    {
        Directory.CreateDirectory(File(LogFolder));
        var kept = log.Length <= ProcessLog.Max ? log : log[^(int)ProcessLog.Max..];
        WholeFile.Write(File($"{LogFolder}/{BrokerLog}{ProcessLog.Extension}"), kept);
    }

    /// <exception cref="IOException">The file cannot be read or understood.</exception>
    public RunFacts Load()
    {
        try
        {
            return JsonSerializer.Deserialize<RunFacts>(System.IO.File.ReadAllText(File(FactsFile)), _json)
                ?? throw new IOException($"{File(FactsFile)} is empty.");
        }
        catch (JsonException error)
        {
            throw new IOException($"{File(FactsFile)} cannot be understood: {error.Message}", error);
        }
    }
}

/// <summary>What was run, as far as it is known beforehand and cannot be read from the ledger.</summary>
public sealed record RunFacts
{
    public required Experiment Experiment { get; init; }

    public required int Seed { get; init; }

    /// <summary>Part of the id of each job, so that jobs of two runs with one seed are not mistaken for each other.
    /// </summary>
    public string Run { get; init; } = "";

    /// <summary>Wall clock, for people.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The line that repeats it.</summary>
    public required string Repeat { get; init; }

    /// <summary>The broker, product and version; empty until it is known.</summary>
    public string Broker { get; init; } = "";

    /// <summary>Operating system, processors, runtime.</summary>
    public string Machine { get; init; } = "";

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Processes that ended by themselves, or did not when asked to, in words.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Why the run itself proves less than it should: it was interrupted, it was given up.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>How often the processes said that something of theirs was hit, by its name: a failpoint, a mutant's
    /// defect.</summary>
    public IReadOnlyDictionary<string, long> Hits { get; init; } = new Dictionary<string, long>();

    /// <summary>The controller came to its end and has saved all it knew. False: it died, or is still at work.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>Steady states that did not hold, in words.</summary>
    public IReadOnlyList<string> Unsteady { get; init; } = [];
}
