using System.Diagnostics;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;

namespace JobSystem.Cli.Processes;

/// <summary>The command that runs a job: a program that was found, and its arguments.</summary>
/// <param name="Program">An absolute path.</param>
/// <param name="SessionLeader">
/// The path of <c>setsid</c>: every run gets a session of its own, so a Ctrl-C at the terminal reaches the worker
/// only, and a run and its children can be ended together. Null where there is none.
/// </param>
internal sealed record JobCommand(string Program, IReadOnlyList<string> Arguments, string? SessionLeader)
{
    /// <param name="words">The program and its arguments as the user gave them; at least one.</param>
    /// <param name="path">The value of PATH.</param>
    /// <exception cref="UsageException">There is no such program, or it cannot be run.</exception>
    public static JobCommand Find(IReadOnlyList<string> words, string? path)
    {
        var program = Locate(words[0], path) ?? throw new UsageException(Complaint(words[0]));
        return new JobCommand(program, [.. words.Skip(1)], Locate("setsid", path));
    }

    /// <summary>How a run is started: three pipes, and <paramref name="more"/> in its environment.</summary>
    public ProcessStartInfo ToStartInfo(IEnumerable<KeyValuePair<string, string>> more)
    {
        IEnumerable<string> words = SessionLeader is null ? Arguments : [Program, .. Arguments];
        var start = new ProcessStartInfo(SessionLeader ?? Program, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in more)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>As a shell finds it: a name with a slash is a path, another is looked for in PATH.</summary>
    private static string? Locate(string name, string? path)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutable(name) ? Path.GetFullPath(name) : null;
        }

        return (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(Path.GetFullPath(folder), name))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string file) => File.Exists(file) && Posix.MayExecute(file);

    private static string Complaint(string name) => name switch
    {
        "" => "The command is empty.",
        _ when !name.Contains('/', StringComparison.Ordinal) => $"There is no command '{name}' in PATH.",
        _ when Directory.Exists(name) => $"The command '{name}' is a folder.",
        _ when File.Exists(name) => $"The command '{name}' is not executable: try chmod +x, or name its interpreter.",
        _ => $"There is no command '{name}'.",
    };
}
