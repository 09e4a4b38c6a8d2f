namespace JobSystem.Cli.Processes;

/// <summary>
/// Tells a command that can never be started (it is gone, or not executable: the job fails) from one that cannot be
/// started now, because something has run out that other processes give back. Numbers as on Linux. Pure.
/// </summary>
internal static class StartFailure
{
    private const int TryAgain = 11; // EAGAIN: no process, or thread, is left
    private const int NoMemory = 12; // ENOMEM
    private const int TooManyInSystem = 23; // ENFILE
    public const int TooManyHere = 24; // EMFILE
    private const int TextBusy = 26; // ETXTBSY

    /// <param name="error">Of the system call that failed.</param>
    /// <returns>What the operator can do; null: to wait does not help.</returns>
    public static string? RemedyOf(int error) => error switch
    {
        TryAgain => "Raise the limit of processes (ulimit -u, or pids of the container), or lower --concurrency.",
        NoMemory => "Free memory on this machine or in its container, or lower --concurrency.",
        TooManyInSystem => "Raise the open files of this machine (sysctl fs.file-max).",
        TooManyHere => "Raise the open files of this worker (ulimit -n; about 6 a command), or lower --concurrency.",
        TextBusy => "Somebody writes to the program: replace it by renaming a new file over it.",
        _ => null,
    };
}
