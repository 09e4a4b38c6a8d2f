using System.Globalization;

namespace JobSystem.TestKit.TestHost;

/// <summary>
/// Simulates colonies and says what became of each: a line for each seed. The last line is a string's hash code,
/// which .NET draws anew for each process.
/// </summary>
public static class Program
{
    public static int Main(string[] args)
    {
        if (args is not [var first, var count])
        {
            Console.Error.WriteLine("usage: FIRST-SEED COUNT");
            return 2;
        }

        ulong start = ulong.Parse(first, CultureInfo.InvariantCulture);
        for (ulong seed = start; seed < start + ulong.Parse(count, CultureInfo.InvariantCulture); seed++)
        {
            Console.WriteLine(Colony.Play(seed));
        }

        Console.WriteLine(Probe());
        return 0;
    }

    /// <summary>Differs from process to process, as the order of every dictionary with string keys does.</summary>
    public static int Probe() => "a string".GetHashCode(StringComparison.Ordinal);
}
