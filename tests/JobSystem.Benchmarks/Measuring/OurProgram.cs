using System.Diagnostics;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>Programs of this repository, which are built beside this one: <c>jobs</c>, <c>chaos</c>, and itself.
/// </summary>
internal static class OurProgram
{
    /// <summary>The variable by which they are told of a broker: other users see a command line, and its password.
    /// </summary>
    public const string BrokerVariable = JobSystem.Terminal.Brokers.BrokerAddress.Variable;

    public static string Itself { get; } = typeof(OurProgram).Assembly.GetName().Name!;

    /// <summary>Not started yet; what it reads and writes is ours.</summary>
    public static ProcessStartInfo ToStart(string program, params IEnumerable<string> arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
