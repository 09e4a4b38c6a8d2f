using System.Diagnostics;

namespace JobSystem.Chaos.Processes;

/// <summary>
/// How a program is started in a session of its own: a Ctrl-C at the terminal reaches this process only, which then
/// ends the others in order. The program keeps the process id that is returned.
/// </summary>
internal static class OwnSession
{
    public static ProcessStartInfo ToStart(string program, IEnumerable<string> arguments) =>
        new("setsid", [program, .. arguments]);
}
