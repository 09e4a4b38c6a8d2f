using JobSystem.Chaos.Processes;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Reverting;

/// <summary>
/// Undoes what a controller left behind: every fault of a folder's journal that was begun and not done, the newest
/// first. Promises: may be called at any time and any number of times, by several processes; a process is signalled
/// only if it is still the same; what cannot be undone does not keep the rest from it, and stays in the journal.
/// </summary>
public static class Healer
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(3);

    /// <param name="folder">The run's.</param>
    /// <param name="report">Gets a line for each thing that was undone, or not.</param>
    /// <param name="cancel">Gives up between two of them.</param>
    /// <returns>What could not be undone; empty: nothing is left.</returns>
    public static Task<IReadOnlyList<NotReverted>> HealAsync(
        string folder, Action<string> report, CancellationToken cancel) =>
        HealAsync(folder, static _ => true, report, TimeProvider.System, cancel);

    /// <summary>Those faults only that are wanted.</summary>
    internal static async Task<IReadOnlyList<NotReverted>> HealAsync(
        string folder,
        Func<RevertRecord.Begin, bool> wanted,
        Action<string> report,
        TimeProvider clock,
        CancellationToken cancel)
    {
        var failures = new List<NotReverted>();
        foreach (var fault in RevertJournal.Unfinished(folder).Where(wanted))
        {
            var before = failures.Count;
            foreach (var undo in fault.Undos)
            {
                cancel.ThrowIfCancellationRequested();
                var problem = await DoAsync(undo, clock, cancel);
                report($"{fault.Fault}: {WhyOf(undo)}: {problem ?? "done"}");
                if (problem is not null)
                {
                    failures.Add(new NotReverted(fault.Fault, WhyOf(undo), problem));
                }
            }

            if (failures.Count == before)
            {
                using var journal = new RevertJournal(folder, clock);
                journal.Done(fault.Number);
            }
        }

        return failures;
    }

    /// <summary>Null: it is undone.</summary>
    private static async Task<string?> DoAsync(Revert undo, TimeProvider clock, CancellationToken cancel)
    {
        switch (undo)
        {
            case Revert.Signal signal:
                if (ProcessBirth.Of(signal.Pid) == signal.Birth)
                {
                    Posix.Signal(signal.Pid, signal.Number);
                }

                return null; // one that has gone needs no signal
            case Revert.Command command:
                try
                {
                    var run = await ProgramRun.ToEndAsync(
                        command.Program, command.Arguments, _deadline, clock, cancel);
                    return run.ExitCode == 0 ? null : run.LastWords;
                }
                catch (ProgramException error)
                {
                    return error.Message;
                }

            default:
                throw new System.Diagnostics.UnreachableException($"{undo}");
        }
    }

    private static string WhyOf(Revert undo) => undo switch
    {
        Revert.Signal signal => signal.Why,
        Revert.Command command => command.Why,
        _ => throw new System.Diagnostics.UnreachableException($"{undo}"),
    };
}

/// <summary>Something of a fault that is still there.</summary>
/// <param name="Fault">In words.</param>
/// <param name="What">Should have been done.</param>
/// <param name="Problem">Why it could not.</param>
public sealed record NotReverted(string Fault, string What, string Problem);
