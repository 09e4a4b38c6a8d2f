using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JobSystem.Testing.Simulations;

namespace JobSystem.Testing.TestHost;

/// <summary>
/// Simulates the whole engine under faults and says what became of each seed, a line each. The last line is a string's
/// hash code, which .NET draws anew for each process.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["host", var conduct])
        {
            return await HostedProcess.RunAsync(conduct);
        }

        if (args is not [var first, var count])
        {
            await Console.Error.WriteLineAsync("usage: FIRST-SEED COUNT, or host obey|ignore|crash");
            return 2;
        }

        var start = ulong.Parse(first, CultureInfo.InvariantCulture);
        for (var seed = start; seed < start + ulong.Parse(count, CultureInfo.InvariantCulture); seed++)
        {
            Console.WriteLine(Play(seed));
        }

        Console.WriteLine(Probe());
        return 0;
    }

    /// <summary>Everything that two runs of one seed must have in common.</summary>
    public static string Play(ulong seed)
    {
        var result = SimulatedRun.Run(seed, SimulationProfile.Stormy);
        var history = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', result.History.Select(entry => $"{entry}"))));
        return string.Create(CultureInfo.InvariantCulture,
            $"{seed} trace {result.TraceHash:x16} history {Convert.ToHexString(history)} steps {result.Steps}");
    }

    /// <summary>Differs from process to process, as the order of every dictionary with string keys does.</summary>
    public static int Probe() => "a string".GetHashCode(StringComparison.Ordinal);
}
