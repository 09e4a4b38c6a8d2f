using Microsoft.Extensions.Logging;

namespace JobSystem.Cli;

/// <summary>What the program itself logs beside the system. Event ids: 8xx.</summary>
internal static partial class Log
{
    [LoggerMessage(801, LogLevel.Warning,
        "The guardian of this worker's commands has ended; a new one is started. Running jobs go on.")]
    public static partial void GuardianReplaced(this ILogger log);

    [LoggerMessage(802, LogLevel.Warning,
        "There is no 'setsid' here: a Ctrl-C at the terminal reaches the commands, too. Install util-linux.")]
    public static partial void NoSessions(this ILogger log);

    [LoggerMessage(803, LogLevel.Information, "Job {Job}: {Line}")]
    public static partial void CommandError(this ILogger log, string job, string line);

    [LoggerMessage(804, LogLevel.Information,
        "Worker '{Worker}' takes jobs of {Queues} from {Broker}, {Slots} at a time, for: {Command}")]
    public static partial void WorkerStarted(
        this ILogger log, string worker, string queues, string broker, int slots, string command);

    [LoggerMessage(805, LogLevel.Information,
        "{Signal}: no more jobs are taken; running ones have {Patience} to finish. The signal again: at once.")]
    public static partial void DrainBegins(this ILogger log, string signal, string patience);

    [LoggerMessage(806, LogLevel.Warning, "{Signal} again: running jobs are cancelled now and go back to the broker.")]
    public static partial void DrainHurries(this ILogger log, string signal);

    [LoggerMessage(807, LogLevel.Information,
        "Drained in {Elapsed}: {Finished} finished, {Retried} to be retried, {DeadLettered} dead letters, " +
        "{GivenBack} given back, {NotStarted} not started, {Abandoned} abandoned. Every job is accounted for.")]
    public static partial void Drained(
        this ILogger log, string elapsed, int finished, int retried, int deadLettered, int givenBack, int notStarted,
        int abandoned);

    [LoggerMessage(808, LogLevel.Error,
        "Drained in {Elapsed}, but not all is known: {Abandoned} jobs still ran and were abandoned (the broker " +
        "delivers them again); publishes answered: {PublishesConfirmed}. {Finished} finished, {Retried} to be " +
        "retried, {DeadLettered} dead letters, {GivenBack} given back, {NotStarted} not started.")]
    public static partial void DrainedIncompletely(
        this ILogger log, string elapsed, int abandoned, bool publishesConfirmed, int finished, int retried,
        int deadLettered, int givenBack, int notStarted);

    [LoggerMessage(809, LogLevel.Error, "{Problem}")]
    public static partial void GivingUp(this ILogger log, string problem);

    [LoggerMessage(810, LogLevel.Error,
        "The job system stopped by itself: it failed too often. Unfinished jobs go back to the broker.")]
    public static partial void StoppedByItself(this ILogger log);

    [LoggerMessage(811, LogLevel.Error,
        "The guardian of this worker's commands has ended and cannot be started again: {Problem}. Running jobs go " +
        "on, but would outlive this worker if it were killed now. It is tried again every second. Raise the limits " +
        "of this worker (ulimit -n, ulimit -u), or lower --concurrency.")]
    public static partial void GuardianMissing(this ILogger log, string problem);

    [LoggerMessage(812, LogLevel.Warning,
        "Output of commands cannot be written to standard output ({Problem}) and is dropped until it can. The jobs " +
        "go on. Make room there, or send the output elsewhere.")]
    public static partial void OutputLost(this ILogger log, string problem);

    [LoggerMessage(813, LogLevel.Warning,
        "The command for job {Job} could not be started: {Problem}. The attempt does not count, and the job is tried " +
        "again after a while. {Remedy}")]
    public static partial void CommandNotStarted(this ILogger log, string job, string problem, string remedy);
}
