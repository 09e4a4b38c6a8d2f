using System.Diagnostics;
using System.Runtime.InteropServices;

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
            : File.Exists(assembly)
                ? OwnSession.ToStart(Dotnet(), ["exec", .. RuntimeOf(assembly), assembly, .. arguments])
            : throw new ProgramException(
                $"There is no {Name} program in {folder}: the tests that use the library refer to the project " +
                "JobSystem.Chaos.Cli, too.");
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
