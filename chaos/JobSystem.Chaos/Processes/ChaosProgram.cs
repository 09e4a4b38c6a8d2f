using System.Diagnostics;
using System.Runtime.InteropServices;

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
            : OwnSession.ToStart(Dotnet(), ["exec", .. RuntimeOf(assembly), assembly, .. arguments]);
        start.RedirectStandardInput = true;
        return start;
    }

    /// <summary>
    /// An installed tool has its own settings of the runtime beside it. Out of a package it has none: then those of the
    /// program that it is a library of, which know where its packages are.
    /// </summary>
    private static IEnumerable<string> RuntimeOf(string assembly)
    {
        if (File.Exists(Path.ChangeExtension(assembly, ".runtimeconfig.json")))
        {
            return [];
        }

        var dependencies = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "").Split(';')[0];
        var settings = dependencies.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal);
        return File.Exists(dependencies) && File.Exists(settings)
            ? ["--depsfile", dependencies, "--runtimeconfig", settings]
            : [];
    }

    /// <summary>That of the runtime that runs this: it need not be in PATH.</summary>
    private static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }
}
