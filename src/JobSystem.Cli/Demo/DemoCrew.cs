namespace JobSystem.Cli.Demo;

/// <summary>
/// The workers of a demo with their ledgers: starts them, kills one, stops the rest, and reads what they wrote.
/// Not thread-safe: the demo's own loop.
/// </summary>
internal sealed class DemoCrew(IDemoFleet fleet, DemoFolder folder) : IAsyncDisposable
{
    private readonly List<Member> _members = [];

    /// <summary>Jobs the first worker has started and not finished.</summary>
    public int RunningAtFirst => _members[0].Running;

    public string LastWords => string.Join('\n', _members.Select(member => member.Worker.LastWords)).Trim();

    public string Start()
    {
        var name = $"worker-{_members.Count + 1}";
        _members.Add(new Member(fleet.Start(name), new LedgerReader(folder.LedgerOf(name))));
        return name;
    }

    /// <summary>Kills the first worker. Returns what happened in words.</summary>
    public async Task<string> KillFirstAsync()
    {
        var victim = _members[0];
        var running = victim.Running;
        await victim.Worker.KillAsync();
        victim.State = "killed";
        var jobs = running == 1 ? "1 job" : $"{running} jobs";
        return $"{victim.Worker.Name} is killed while running {jobs} ({victim.Worker.Death})";
    }

    /// <summary>False: one could not account for all of its jobs.</summary>
    public async Task<bool> StopAsync()
    {
        var rest = _members.Where(member => member.State != "killed").ToList();
        var clean = await Task.WhenAll(rest.Select(member => member.Worker.StopAsync()));
        rest.ForEach(static member => member.State = "stopped");
        return clean.All(static each => each);
    }

    public void ReadLedgers(DemoTally tally)
    {
        foreach (var member in _members)
        {
            foreach (var entry in member.Ledger.ReadNew())
            {
                tally.Count(entry);
                member.Started += entry.IsDone ? 0 : 1;
                member.Done += entry.IsDone ? 1 : 0;
            }
        }
    }

    public IReadOnlyList<DemoWorkerSnapshot> Snapshot() =>
        [.. _members.Select(static member => member.Snapshot())];

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.Worker.DisposeAsync();
        }

        _members.Clear();
    }

    private sealed class Member(IDemoWorker worker, LedgerReader ledger)
    {
        public IDemoWorker Worker => worker;

        public LedgerReader Ledger => ledger;

        public string State { get; set; } = "works";

        public int Started { get; set; }

        public int Done { get; set; }

        public int Running => Math.Max(0, Started - Done);

        public DemoWorkerSnapshot Snapshot() => new(Worker.Name, State, Running, Done);
    }
}
