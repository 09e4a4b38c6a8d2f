using System.Globalization;

namespace JobSystem.Cli.Demo;

/// <summary>
/// The demo's files: inputs that are generated, outputs that the jobs write, and a ledger for each worker.
/// Ends: when disposed of, with all its files.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const int SmallestFile = 40 * 1024;
    private const int LargestFile = 400 * 1024;

    private static readonly string[] _words =
        "a job that was confirmed is finished or it is dead-lettered with its reason it is never lost and "
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private readonly bool _owned;

    private DemoFolder(string path, bool owned)
    {
        (Path, _owned) = (path, owned);
        Directory.CreateDirectory(Inputs);
        Directory.CreateDirectory(Outputs);
        Directory.CreateDirectory(Ledgers);
    }

    public string Path { get; }

    public string Inputs => System.IO.Path.Combine(Path, "inputs");

    public string Outputs => System.IO.Path.Combine(Path, "outputs");

    public string Ledgers => System.IO.Path.Combine(Path, "ledgers");

    /// <summary>The broker of a demo that was told of no other.</summary>
    public string BrokerFile => System.IO.Path.Combine(Path, "jobs.db");

    public static DemoFolder Create() => new(Directory.CreateTempSubdirectory("jobs-demo-").FullName, owned: true);

    /// <summary>Another process' folder.</summary>
    public static DemoFolder Open(string path) => new(path, owned: false);

    public string InputOf(string name) => System.IO.Path.Combine(Inputs, name);

    public string OutputOf(string name) => System.IO.Path.Combine(Outputs, name + ".br");

    public string LedgerOf(string worker) => System.IO.Path.Combine(Ledgers, worker + ".txt");

    /// <summary>Writes text files of varied size. Returns their names.</summary>
    public IReadOnlyList<string> Generate(int count, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(1, count)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"file-{number:0000}.txt")).ToList();
        foreach (var name in names)
        {
            cancel.ThrowIfCancellationRequested();
            using var file = new StreamWriter(InputOf(name));
            var size = random.Next(SmallestFile, LargestFile);
            for (var written = 0; written < size;)
            {
                var word = random.Next(4) == 0
                    ? random.Next().ToString("x", CultureInfo.InvariantCulture)
                    : _words[random.Next(_words.Length)];
                file.Write(word);
                file.Write(' ');
                written += word.Length + 1;
            }
        }

        return names;
    }

    public void Dispose()
    {
        if (_owned && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
