using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Processes;

/// <summary>
/// Runs one command for each job: the payload on its standard input, the job's facts in its environment, its output
/// passed on, its exit code as the outcome.
/// Promises: when a run ends, its whole process group has ended; a cancelled run gets SIGTERM, and SIGKILL after the
/// grace; a command that does not read its input, or writes without end, does no harm.
/// </summary>
internal sealed class CommandRunner(JobCommand command, Guardian guardian, CommandOutput output, TimeProvider clock)
    : IDisposable
{
    // What still holds the pipes when the command and its group have ended has left them on purpose (a daemon).
    private static readonly TimeSpan _lastOutput = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _hurriedGrace = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _hurry = new();
    private readonly Lock _starting = new();
    private int _running;
    private bool _disposed;

    /// <summary>How long a command has to end after SIGTERM. Default 3 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From now on a cancelled command has half a second.</summary>
    public void Hurry()
    {
        lock (_hurry)
        {
            if (!_disposed)
            {
                _hurry.CancelAfter(_hurriedGrace);
            }
        }
    }

    /// <summary>A signal may still be on its way: it finds nothing to hurry.</summary>
    public void Dispose()
    {
        lock (_hurry)
        {
            _disposed = true;
            _hurry.Dispose();
        }
    }

    /// <summary>The raw handler. Throws what makes the outcome.</summary>
    public async Task RunAsync(JobContext context, CancellationToken cancel)
    {
        using var process = Start(context);
        try
        {
            await RunAsync(process, context, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task RunAsync(Process process, JobContext context, CancellationToken cancel)
    {
        guardian.Watch(process.Id);
        var lastWords = new StderrTail();
        var streams = Task.WhenAll(
            FeedAsync(process.StandardInput.BaseStream, context.Body),
            LineRelay.RunAsync(process.StandardOutput.BaseStream, output.Out),
            LineRelay.RunAsync(process.StandardError.BaseStream, lines =>
            {
                lock (lastWords)
                {
                    lastWords.Add(lines);
                }

                output.Error(context, lines);
            }));
        var ended = await WaitAsync(process, cancel);
        Posix.SignalRest(process.Id, Posix.SigKill);
        guardian.Forget(process.Id);
        await CloseAsync(streams, process);
        if (!ended && process.ExitCode != 0)
        {
            cancel.ThrowIfCancellationRequested();
        }

        lock (lastWords)
        {
            if (CommandResult.FailureOf(process.ExitCode, lastWords.ToString()) is { } failure)
            {
                throw failure;
            }
        }
    }

    private Process Start(JobContext context)
    {
        _ = BrokenPipes.EndCommands();
        try
        {
            lock (_starting)
            {
                // One is always tried: where not even that is possible, the system says it.
                if (_running > 0 && !OpenFiles.AreLeft())
                {
                    throw new Win32Exception(StartFailure.TooManyHere);
                }

                var process = Process.Start(command.ToStartInfo(FactsOf(context)))!;
                Interlocked.Increment(ref _running);
                return process;
            }
        }
        catch (Win32Exception error) when (StartFailure.RemedyOf(error.NativeErrorCode) is { } remedy)
        {
            var problem = new Win32Exception(error.NativeErrorCode).Message;
            context.Logger.CommandNotStarted(context.Id.Value, problem, remedy);
            throw new JobNotStartedException($"The command could not be started: {problem}", error);
        }
        catch (Win32Exception error)
        {
            throw new CommandFailedException($"The command could not be started: {error.Message}");
        }
    }

    private KeyValuePair<string, string>[] FactsOf(JobContext context) =>
    [
        new("JOB_ID", context.Id.Value),
        new("JOB_TYPE", (context.Type ?? "").Replace("\0", "", StringComparison.Ordinal)),
        new("JOB_QUEUE", context.Queue),
        new("JOB_ATTEMPT", context.Attempt.ToString(CultureInfo.InvariantCulture)),
        new(Guardian.Variable, guardian.Token),
    ];

    /// <summary>False: it was cancelled and then ended.</summary>
    private async Task<bool> WaitAsync(Process process, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            Posix.Signal(process.Id, Posix.SigTerm);
        }

        using var grace = new CancellationTokenSource(Grace, clock);
        using var graceIsOver = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, _hurry.Token);
        try
        {
            await process.WaitForExitAsync(graceIsOver.Token);
        }
        catch (OperationCanceledException)
        {
            Posix.Signal(process.Id, Posix.SigKill);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return false;
    }

    private static async Task FeedAsync(Stream input, ReadOnlyMemory<byte> body)
    {
        try
        {
            await input.WriteAsync(body);
            await input.DisposeAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The command does not want all of its input, or has ended without it: its exit code tells how it went.
        }
    }

    /// <summary>Reads what is left and closes the pipes: the process object does not, once they were touched.</summary>
    private async Task CloseAsync(Task streams, Process process)
    {
        try
        {
            await streams.WaitAsync(_lastOutput, clock);
        }
        catch (TimeoutException)
        {
            // A daemon of the command holds them open: its output is not the job's.
        }

        await process.StandardInput.BaseStream.DisposeAsync();
        await process.StandardOutput.BaseStream.DisposeAsync();
        await process.StandardError.BaseStream.DisposeAsync();
    }
}

/// <summary>Where the output of commands goes.</summary>
/// <param name="Out">Standard output, in whole lines.</param>
/// <param name="Error">Standard error, in whole lines.</param>
internal sealed record CommandOutput(WriteLines Out, WriteJobLines Error)
{
    /// <summary>Lines pass as they are; with <paramref name="json"/> those of standard error are logged.</summary>
    public static CommandOutput To(Screen screen, ILogger log, bool json) => new(
        Passing(screen.Out, log),
        json ? (job, lines) => LogLines(log, job, lines) : (_, lines) => screen.Error.Write(lines));

    /// <summary>What cannot be written is dropped, and the log says so once: the jobs go on.</summary>
    private static WriteLines Passing(LineWriter target, ILogger log)
    {
        var told = 0;
        return lines =>
        {
            if (target.TryWrite(lines) is not { } failure)
            {
                told = 0;
            }
            else if (Interlocked.Exchange(ref told, 1) == 0)
            {
                log.OutputLost(failure);
            }
        };
    }

    private static void LogLines(ILogger log, JobContext job, ReadOnlySpan<byte> lines)
    {
        foreach (var line in System.Text.Encoding.UTF8.GetString(lines).TrimEnd('\n').Split('\n'))
        {
            log.CommandError(job.Id.Value, line);
        }
    }
}

/// <summary>Takes a job's output in whole lines.</summary>
internal delegate void WriteJobLines(JobContext job, ReadOnlySpan<byte> lines);
