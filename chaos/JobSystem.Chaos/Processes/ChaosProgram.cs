using System.Diagnostics;

namespace JobSystem.Chaos.Processes;

/// <summary>
/// How the <c>chaos</c> program is started again as a worker, a producer, a guard: also where this library is part of
/// somebody's tests. It lies beside the library, since whoever starts one refers to its project, too.
/// </summary>
internal static class ChaosProgram
{
    /// <summary>As it is called, and as it calls itself before a problem.</summary>
    public const string Name = "chaos";

    /// <summary>The environment variable with the broker's URI: settings files hold no secrets.</summary>
    public const string BrokerVariable = "CHAOS_BROKER";

    private static readonly string _folder = Path.GetDirectoryName(typeof(ChaosProgram).Assembly.Location)!;

    /// <returns>In a session of its own; its standard input is a pipe.</returns>
    /// <exception cref="ProgramException">It is not there.</exception>
    public static ProcessStartInfo ToStart(params IEnumerable<string> arguments) => ToStartIn(_folder, arguments);

    internal static ProcessStartInfo ToStartIn(string folder, IEnumerable<string> arguments)
    {
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{Name}.exe" : Name);
        var assembly = Path.Combine(folder, $"{Name}.dll");
        var start = File.Exists(program) ? OwnSession.ToStart(program, arguments)
            : File.Exists(assembly) ? OwnSession.ToStart("dotnet", ["exec", assembly, .. arguments])
            : throw new ProgramException(
                $"There is no {Name} program in {folder}: the tests that use the library refer to the project " +
                "JobSystem.Chaos.Cli, too.");
        start.RedirectStandardInput = true;
        return start;
    }
}
