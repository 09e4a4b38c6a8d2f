using System.ComponentModel;
using System.Diagnostics;
using JobSystem.Terminal.Arguments;

namespace JobSystem.Chaos.Processes;

/// <summary>
/// One run of a program: its arguments as they are (no shell), nothing to read, what it writes kept.
/// Promises: it ends at its deadline or when it is given up, with all its children, each killed by its id; the output
/// that is kept is bounded.
/// </summary>
/// <param name="ExitCode">As the program set it.</param>
/// <param name="Output">Standard output, without the white space around it.</param>
/// <param name="Errors">Standard error, likewise.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Of each stream, in characters: the rest is read and thrown away.</summary>
    public const int MaxOutput = 4 * 1024 * 1024;

    // What still holds the pipes when the program has ended is a daemon it left on purpose.
    private static readonly TimeSpan _lastOutput = TimeSpan.FromSeconds(2);

    /// <summary>The last line of what it said went wrong, or of what it said at all.</summary>
    public string LastWords => LastLine(Errors) ?? LastLine(Output) ?? $"exit code {ExitCode}";

    /// <exception cref="ProgramException">There is no such program, or it did not end in time.</exception>
    public static async Task<ProgramRun> ToEndAsync(
        string program,
        IReadOnlyList<string> arguments,
        TimeSpan deadline,
        TimeProvider clock,
        CancellationToken cancel)
    {
        using var process = Start(program, arguments);
        using var late = new CancellationTokenSource(deadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(both.Token);
            await Task.WhenAll(output, errors).WaitAsync(_lastOutput, clock, both.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancel.ThrowIfCancellationRequested();
            throw new ProgramException(
                $"{program} {string.Join(' ', arguments)}: not done within {DurationText.Format(deadline)}.");
        }
        catch (TimeoutException)
        {
            // Whoever holds the pipes: the program has said all it will.
        }

        var run = new ProgramRun(process.ExitCode, TextOf(output), TextOf(errors));
        return run.ExitCode is 126 or 127 && run.Errors.StartsWith("setsid: ", StringComparison.Ordinal)
            ? throw new ProgramException($"{program} could not be started: {run.LastWords}.")
            : run;
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            var start = OwnSession.ToStart(program, arguments);
            (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
            start.RedirectStandardError = true;
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ProgramException($"{program} could not be started: {error.Message}.");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended, or parts of it have.
        }
    }

    private static async Task<string> ReadAsync(StreamReader source)
    {
        var kept = new System.Text.StringBuilder();
        var buffer = new char[4096];
        try
        {
            while (await source.ReadAsync(buffer) is var read and > 0)
            {
                kept.Append(buffer, 0, Math.Min(read, MaxOutput - kept.Length));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe was closed under it: what there is, is there.
        }

        return kept.ToString();
    }

    private static string TextOf(Task<string> stream) => stream.IsCompletedSuccessfully ? stream.Result.Trim() : "";

    private static string? LastLine(string text) =>
        text.Length == 0 ? null : text[(text.LastIndexOf('\n') + 1)..].Trim();
}

/// <summary>A program could not be started, or did not end in time; the text says why.</summary>
public sealed class ProgramException(string message) : Exception(message);
