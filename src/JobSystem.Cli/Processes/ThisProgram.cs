using System.Diagnostics;

namespace JobSystem.Cli.Processes;

/// <summary>How this program is started again.</summary>
internal static class ThisProgram
{
    /// <summary>Also where it runs as <c>dotnet jobs.dll</c>.</summary>
    public static ProcessStartInfo ToStart(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath
            ?? throw new FailedException("This program's own path is not known, so it cannot be started again.");
        var assembly = typeof(ThisProgram).Assembly.Location;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessStartInfo(program, [assembly, .. arguments])
            : new ProcessStartInfo(program, arguments);
    }
}
