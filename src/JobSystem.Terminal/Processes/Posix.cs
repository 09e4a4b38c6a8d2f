using System.Runtime.InteropServices;

namespace JobSystem.Terminal.Processes;

/// <summary>What .NET does not offer of POSIX.</summary>
public static partial class Posix
{
    public const int SigTerm = 15;
    public const int SigKill = 9;
    public const int SigPipe = 13;
    private const nint SignalError = -1; // SIG_ERR
    private const int ExecuteAccess = 1; // X_OK

    public static bool MayExecute(string file) => Access(file, ExecuteAccess) == 0;

    /// <summary>
    /// Signals a process group; where there is none of that id (the process has not made it yet, or may not), the
    /// process itself. A process that has gone is no error.
    /// </summary>
    public static void Signal(int leader, int signal)
    {
        if (Kill(-leader, signal) != 0)
        {
            _ = Kill(leader, signal);
        }
    }

    /// <summary>Signals what is left of a group whose leader has ended.</summary>
    public static void SignalRest(int leader, int signal) => _ = Kill(-leader, signal);

    /// <param name="signal">Which.</param>
    /// <param name="handler">A native function that takes the signal's number, and may run at any time.</param>
    public static bool Handle(int signal, nint handler) => SetHandler(signal, handler) != SignalError;

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
