using JobSystem.Chaos.Verification.Histories;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// Whether the files tell all that their processes saw: every announced file is there, none is damaged, and those of
/// processes that ended in order, and the controller's, are whole. The file of a killed process may end anywhere. Pure.
/// </summary>
internal sealed class LedgerInspection
{
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    public void Add(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.LedgerOpened opened:
                _announced.Add(opened.Name);
                break;
            case HistoryEvent.WorkerStopped { ExitCode: 0 } stopped:
                _ended.Add(stopped.Worker);
                break;
        }
    }

    public IReadOnlyList<string> DoubtsOf(IReadOnlyList<LedgerReader> readers)
    {
        var doubts = new List<string>();
        var there = readers.Select(reader => reader.Name).ToHashSet(StringComparer.Ordinal);
        doubts.AddRange(_announced.Except(there).Order(StringComparer.Ordinal)
            .Select(name => $"The ledger of {name} is missing."));
        doubts.AddRange(there.Except(_announced).Order(StringComparer.Ordinal)
            .Select(name => $"Nobody announced the ledger of {name}."));
        foreach (var reader in readers)
        {
            if (reader.Damage is { } damage)
            {
                doubts.Add($"A ledger is damaged. {damage}.");
            }
            else if (!reader.IsClosed && reader.Name == LedgerWriter.Controller)
            {
                doubts.Add("The controller's ledger has no end: the controller died, or the run is still going on.");
            }
            else if (!reader.IsClosed && _ended.Contains(reader.Name))
            {
                doubts.Add($"The ledger of {reader.Name} is cut, though its process ended in order.");
            }
        }

        return doubts;
    }
}
