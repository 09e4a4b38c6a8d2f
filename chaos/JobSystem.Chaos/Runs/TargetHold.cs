using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Keeps a broker of ours up around several runs: each finds it there and leaves it there, so that it is not started
/// for every one of them. Other targets need no keeping.
/// Promises: what was not up before is down afterwards, also when this process is killed.
/// Ends: when disposed of.
/// </summary>
internal sealed class TargetHold : IAsyncDisposable
{
    private readonly ITarget _target;
    private readonly RevertJournal _journal;
    private readonly System.Diagnostics.Process _guard;

    private TargetHold(ITarget target, string folder, TimeProvider clock)
    {
        _target = target;
        _journal = new RevertJournal(folder, clock);
        _guard = Guard.Start(folder, target.Secret);
    }

    /// <param name="name">The target.</param>
    /// <param name="folder">Of all the runs: for what it takes to undo it.</param>
    /// <param name="clock">For deadlines.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null: it needs no keeping.</returns>
    /// <exception cref="TargetException">It cannot run here.</exception>
    public static async Task<TargetHold?> TakeAsync(
        string name, string folder, TimeProvider clock, CancellationToken cancel)
    {
        var target = TargetCatalog.Create(name, folder, clock);
        if ((target.Powers & TargetPowers.Restart) == 0)
        {
            await target.DisposeAsync();
            return null;
        }

        var hold = new TargetHold(target, folder, clock);
        try
        {
            await hold.UpAsync(RunFolder.SpaceName(folder), cancel);
            return hold;
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Journaled first: what a killed process had begun to bring up is brought down by the guard.</summary>
    private async Task UpAsync(string space, CancellationToken cancel)
    {
        await _target.ReserveAsync(space, cancel);
        _journal.Begin(ExperimentRun.OfTarget, _target.Name, ExperimentRun.Longest, _target.Removal);
        await _target.UpAsync(space, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DownAsync(CancellationToken.None);
        await _target.DisposeAsync();
        _journal.Done(ExperimentRun.OfTarget);
        _journal.Dispose();
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
