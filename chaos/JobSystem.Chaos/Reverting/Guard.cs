using System.Diagnostics;
using JobSystem.Chaos.Processes;

namespace JobSystem.Chaos.Reverting;

/// <summary>
/// Sees to it that no fault outlives its controller or its limit. A process of its own (<c>chaos guard DIR</c>) that
/// holds the reading end of a pipe from the controller: when the pipe ends, however the controller ended, it undoes
/// what the journal says is left and ends itself; while the controller lives, it undoes what is older than its limit.
/// Promises: a controller that ended well has nothing left to undo, so nothing happens. Ends: after the controller.
/// </summary>
internal static class Guard
{
    public const string Verb = "guard";

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    /// <summary>The entry point of the verb.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="stdin">Ends with the controller.</param>
    /// <returns>The exit code: 0, or 5 where something could not be undone.</returns>
    public static Task<int> RunAsync(string folder, Stream stdin) =>
        RunAsync(folder, stdin, line => Note(folder, line), TimeProvider.System);

    internal static async Task<int> RunAsync(string folder, Stream stdin, Action<string> report, TimeProvider clock)
    {
        var gone = UntilEndAsync(stdin);
        var seen = new Dictionary<int, long>();
        while (!gone.IsCompleted)
        {
            await Task.WhenAny(gone, Task.Delay(_look, clock));
            await HealOverdueAsync(folder, seen, report, clock);
        }

        var left = await Healer.HealAsync(folder, static _ => true, report, clock, CancellationToken.None);
        return left.Count == 0 ? 0 : 5;
    }

    /// <summary>Starts a guard of its own session: a Ctrl-C at the terminal reaches the controller only.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="secret">The URI of somebody else's broker, for what it has to undo there.</param>
    /// <returns>To be kept: its standard input is the pipe. Closing it says that this process is done.</returns>
    public static Process Start(string folder, string? secret = null)
    {
        var start = ChaosProgram.ToStart(Verb, Path.GetFullPath(folder));
        start.Environment[ChaosProgram.BrokerVariable] = secret;
        return Process.Start(start) ?? throw new ProgramException("The guard could not be started.");
    }

    /// <summary>A fault's age counts from when it was first seen: clocks of two processes need not agree.</summary>
    private static async Task HealOverdueAsync(
        string folder, Dictionary<int, long> seen, Action<string> report, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        var overdue = new HashSet<int>();
        foreach (var fault in RevertJournal.Unfinished(folder))
        {
            if (!seen.TryAdd(fault.Number, now)
                && clock.GetElapsedTime(seen[fault.Number], now).TotalMilliseconds > fault.LimitMs)
            {
                overdue.Add(fault.Number);
                seen[fault.Number] = now; // what cannot be undone is tried again after as long
            }
        }

        if (overdue.Count > 0)
        {
            await Healer.HealAsync(
                folder, fault => overdue.Contains(fault.Number), report, clock, CancellationToken.None);
        }
    }

    private static async Task UntilEndAsync(Stream stdin)
    {
        var buffer = new byte[64];
        try
        {
            while (await stdin.ReadAsync(buffer) > 0)
            {
                // What the controller says does not matter; that it can does.
            }
        }
        catch (IOException)
        {
            // An end like another.
        }
    }

    /// <summary>The controller's terminal may be gone with it: the folder keeps what happened.</summary>
    private static void Note(string folder, string line)
    {
        try
        {
            File.AppendAllText(Path.Combine(folder, "guard.log"), line + "\n");
        }
        catch (IOException)
        {
            // The journal says what is left.
        }
    }
}
