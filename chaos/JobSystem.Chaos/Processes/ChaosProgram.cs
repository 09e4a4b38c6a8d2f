using System.Diagnostics;

namespace JobSystem.Chaos.Processes;

/// <summary>How this program is started again as a worker, a producer, a guard; also where it is only a library of
/// somebody's tests.</summary>
internal static class ChaosProgram
{
    /// <summary>The environment variable with the broker's URI: settings files hold no secrets.</summary>
    public const string BrokerVariable = "CHAOS_BROKER";

    /// <returns>In a session of its own; its standard input is a pipe.</returns>
    public static ProcessStartInfo ToStart(params IEnumerable<string> arguments)
    {
        var assembly = typeof(ChaosProgram).Assembly.Location;
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = File.Exists(program)
            ? OwnSession.ToStart(program, arguments)
            : OwnSession.ToStart("dotnet", ["exec", assembly, .. arguments]);
        start.RedirectStandardInput = true;
        return start;
    }
}
