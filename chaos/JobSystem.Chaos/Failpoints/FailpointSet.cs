using System.Globalization;
using System.IO.Hashing;
using System.Text;
using JobSystem.Chaos.Loads;

namespace JobSystem.Chaos.Failpoints;

/// <summary>
/// Where the handler of a worker goes wrong on purpose. Switched from outside while it runs; which jobs it hits is
/// drawn from the job's id and the seed, never by chance at run time.
/// </summary>
internal sealed class FailpointSet(int seed, Action<string> tell)
{
    public const string Throw = "throw";
    public const string Hang = "hang";
    public const string Exit = "exit";

    /// <summary>What begins the line that tells the controller of a hit.</summary>
    public const string HitWord = "hit ";

    /// <summary>What a process says right before it kills itself.</summary>
    public const string KillLine = HitWord + Exit;

    private readonly double[] _shares = new double[3];
    private static readonly string[] _names = [Throw, Hang, Exit];

    /// <summary><c>throw 0.02</c>; anything else is ignored.</summary>
    public void Set(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 2 && Array.IndexOf(_names, words[0]) is var index and >= 0
            && double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
        {
            Volatile.Write(ref _shares[index], share);
        }
    }

    /// <param name="name">One of the names above.</param>
    /// <param name="job">Whose run it is.</param>
    /// <param name="draw">What makes another run of the job another draw: its attempt, the worker's life.</param>
    public bool Hits(string name, JobId job, string draw)
    {
        var share = Volatile.Read(ref _shares[Array.IndexOf(_names, name)]);
        if (share <= 0)
        {
            return false;
        }

        var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{name}|{JobName.Seeded(job)}|{draw}"), seed);
        var hits = hash < share * ulong.MaxValue;
        if (hits)
        {
            tell(HitWord + name);
        }

        return hits;
    }
}
