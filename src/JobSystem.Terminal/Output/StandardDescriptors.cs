using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobSystem.Terminal.Output;

/// <summary>
/// Which of the descriptors 0, 1 and 2 this process was started with. Whoever closes one before the start (cron jobs,
/// supervisors) leaves its number to the first file that the runtime opens: to write there would damage that file, to
/// read there would wait for ever.
/// Promises: a number that is still free is taken by the null device, so that no file of ours gets it either.
/// </summary>
public static partial class StandardDescriptors
{
    private const int GetFlags = 1; // F_GETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC

    private static readonly List<SafeFileHandle> _placeholders = [];
    private static readonly bool[] _open = [.. Enumerable.Range(0, 3).Select(IsInherited)];

    public static bool IsInputOpen => _open[0];

    public static bool IsOutputOpen => _open[1];

    public static bool IsErrorOpen => _open[2];

    /// <summary>Looks: to be called before anything else opens a file.</summary>
    public static void Look()
    {
        foreach (var _ in _open.Where(static open => !open))
        {
            var taken = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
            if (taken.DangerousGetHandle() < _open.Length)
            {
                _placeholders.Add(taken); // for as long as the process lives
            }
            else
            {
                taken.Dispose();
            }
        }
    }

    /// <summary>What was passed on by whoever started this process cannot be marked to close at its start.</summary>
    private static bool IsInherited(int descriptor)
    {
        var flags = Fcntl(descriptor, GetFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command);
}
