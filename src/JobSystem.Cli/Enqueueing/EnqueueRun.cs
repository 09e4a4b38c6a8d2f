using System.Diagnostics;
using JobSystem.Cli.Brokers;
using JobSystem.Cli.Output;
using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Terminal.Processes;
using Microsoft.Extensions.Logging;

namespace JobSystem.Cli.Enqueueing;

/// <summary>
/// Enqueues what it reads, and prints a line for each job once the broker has confirmed it, in the order of the input.
/// Promises: what is printed on standard output is confirmed; of everything else standard error tells what is known.
/// Ends: at the end of the input, or at a signal; then it waits for what is on its way, until a second signal.
/// </summary>
internal sealed class EnqueueRun(
    EnqueueSettings settings, BrokerAddress broker, Screen screen, TimeProvider clock, Random random)
{
    private const int MaxInFlight = 512;
    private const long MaxBytesInFlight = 64 * 1024 * 1024;
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private readonly InFlight _inFlight = new(MaxInFlight, MaxBytesInFlight);
    private EnqueueTally _tally = new();

    public async Task<int> RunAsync()
    {
        using var log = screen.OpenLog(settings.Verbose ? LogLevel.Debug : LogLevel.Warning, settings.Json);
        await using var server = new JobSystemBuilder().UseTransport(broker.Open).Start(loggerFactory: log);
        using var giveUp = new CancellationTokenSource();
        using var signals = new StopSignals(_ => giveUp.Cancel());
        if (!await Readiness.WaitAsync(server, settings.ConnectTimeout, signals.First, clock))
        {
            screen.Problem("Interrupted before the broker was reached; nothing was enqueued.");
            return ExitCode.Failed;
        }

        using var progress = Progress.Start(screen, clock, () => $"{_tally.Confirmed} confirmed");
        var printing = PrintAsync();
        var problem = await SendAsync(server.Client, signals.Token, giveUp.Token);
        _inFlight.Complete();
        await printing;
        progress.Dispose();
        await server.DrainAsync(_drain);
        return Conclude(problem, signals.First.IsCompleted);
    }

    /// <summary>Returns what went wrong with the input; null: nothing.</summary>
    private async Task<string?> SendAsync(JobClient client, CancellationToken stop, CancellationToken giveUp)
    {
        try
        {
            await foreach (var body in settings.Source.ReadAsync(stop))
            {
                await _inFlight.WaitForRoomAsync(body.Length, stop);
                _inFlight.Add(EnqueueAsync(client, body, giveUp), body.Length);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return error.Message;
        }

        return null;
    }

    private async Task<EnqueueResult> EnqueueAsync(
        JobClient client, ReadOnlyMemory<byte> body, CancellationToken giveUp)
    {
        var id = settings.Job.Id ?? JobId.New(clock.GetUtcNow(), random);
        try
        {
            return await client.TryEnqueueAsync(body, settings.Job with { Id = id }, giveUp);
        }
        catch (OperationCanceledException)
        {
            return new EnqueueResult.Unknown(id, "interrupted before it was confirmed");
        }
    }

    private async Task PrintAsync()
    {
        await foreach (var result in _inFlight.ReadAsync())
        {
            _tally = _tally.With(result);
            Print(result);
        }
    }

    private void Print(EnqueueResult result)
    {
        var (word, reason) = result switch
        {
            EnqueueResult.Confirmed => ("confirmed", null),
            EnqueueResult.Rejected rejected => ("rejected", rejected.Reason),
            EnqueueResult.Unknown unknown => ("unknown", unknown.Reason),
            _ => throw new UnreachableException($"{result}"),
        };
        if (settings.Json)
        {
            screen.Out.WriteLine(JsonLine.Of(("id", result.Id.Value), ("result", word), ("reason", reason)));
        }
        else if (reason is null)
        {
            screen.Out.WriteLine(result.Id.Value);
        }
        else
        {
            screen.Problem($"{word} {result.Id}: {reason}");
        }
    }

    private int Conclude(string? problem, bool interrupted)
    {
        if (problem is not null)
        {
            screen.Problem(
                $"The input ended early: {Printable.Sentence(problem)} {_tally.Confirmed} jobs are confirmed.");
        }
        else if (interrupted)
        {
            screen.Problem($"Interrupted: {_tally.Confirmed} confirmed, {_tally.Rejected} rejected, " +
                $"{_tally.Unknown} unknown; the rest of the input was not sent.");
        }

        var exitCode = _tally.ToExitCode();
        return exitCode == ExitCode.Done && (problem is not null || interrupted) ? ExitCode.Failed : exitCode;
    }
}
