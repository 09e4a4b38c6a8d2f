using System.Runtime.InteropServices;
using JobSystem.Terminal.Processes;

namespace JobSystem.Cli.Processes;

/// <summary>
/// The runtime ignores SIGPIPE, and what is ignored stays ignored in every process that is started: a pipeline whose
/// reader has ended would write for ever. A signal that is handled is no longer handled once another program was
/// started, so this one is handled, by a function that does nothing: commands find it as a shell gives it to them.
/// </summary>
internal static class BrokenPipes
{
    // The runtime's own registration leaves a signal alone that is ignored. This is any function of the C library
    // that takes a number and touches nothing: managed code must not run inside of a signal.
    private const string DoesNothing = "abs";

    private static readonly bool _handled = Posix.Handle(
        Posix.SigPipe, NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), DoesNothing));

    /// <summary>From now on they end the commands that are started, and still not this process.</summary>
    /// <returns>False: they are ignored, here and there.</returns>
    public static bool EndCommands() => _handled;
}
