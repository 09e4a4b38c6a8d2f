using Microsoft.Extensions.Logging;

namespace JobSystem.Sqlite;

/// <summary>
/// Every line of the embedded broker. Each says event, cause, fate of the message and, where somebody must act, the
/// remedy. Event ids: 6xx.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Warning,
        "Process {Process} is gone: {Cause}. What it held goes to others, counted as a loss; should it come back, " +
        "its settles are ignored.")]
    public static partial void ProcessLost(this ILogger log, long process, string cause);

    [LoggerMessage(602, LogLevel.Warning,
        "Others took this process for dead because it showed no sign of life for its lease. What it held is theirs; " +
        "its running jobs go on and may run twice. It consumes again on new channels. Find out what paused it.")]
    public static partial void Fenced(this ILogger log);

    [LoggerMessage(603, LogLevel.Error,
        "The disk under '{Path}' is full. Enqueues are rejected; finished jobs are kept in mind and settled when " +
        "there is room. Make room.")]
    public static partial void DiskFull(this ILogger log, string path);

    [LoggerMessage(606, LogLevel.Error,
        "The disk under '{Path}' is full. Enqueues are rejected; jobs are claimed and finished with the room of the " +
        "reserve beside it. Make room.")]
    public static partial void OnReserve(this ILogger log, string path);

    [LoggerMessage(604, LogLevel.Information, "There is room for '{Path}' again: all goes on.")]
    public static partial void DiskHasRoom(this ILogger log, string path);

    [LoggerMessage(605, LogLevel.Warning,
        "No socket can be made in '{Folder}': {Cause} Other processes' jobs start up to two seconds late, and the " +
        "jobs of a killed process go to others only after the lease. Make the folder writable.")]
    public static partial void NoSocket(this ILogger log, string folder, string cause);

    [LoggerMessage(690, LogLevel.Error,
        "A listener of '{Path}' threw an exception. Its channel is closed, and its unsettled deliveries go back to " +
        "the queue.")]
    public static partial void ListenerThrew(this ILogger log, Exception error, string path);

    [LoggerMessage(691, LogLevel.Critical,
        "A defect of this program ended the session at '{Path}'. What was confirmed is in the file; what was held " +
        "goes back. A new session is opened.")]
    public static partial void Defect(this ILogger log, Exception error, string path);
}
