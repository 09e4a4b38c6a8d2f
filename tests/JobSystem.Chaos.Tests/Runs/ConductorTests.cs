using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Histories;
using JobSystem.Chaos.Ledgers;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Undoing;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>A fault that finds nothing to hit was not tried: that is no failure.</summary>
public sealed class ConductorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fault_of_producers_that_have_done_their_work_is_not_tried()
    {
        var events = await PlayAsync("producer-kill", new EmptyFleet(AreProducersDone: true), CancellationToken.None);

        Assert.Equal(["Fault 1 was not tried: Every producer has enqueued all its jobs."], _notes);
        Assert.DoesNotContain(events, each => each is HistoryEvent.FaultFailed or HistoryEvent.FaultInjected);
    }

    [Fact]
    public async Task A_fault_that_waits_for_its_victim_when_the_run_is_interrupted_is_not_tried()
    {
        using var stop = new CancellationTokenSource();
        var fleet = new EmptyFleet(AreProducersDone: false, OnLook: stop.Cancel);

        var events = await PlayAsync("worker-kill", fleet, stop.Token);

        Assert.DoesNotContain(events, each => each is HistoryEvent.FaultFailed or HistoryEvent.FaultInjected);
    }

    private async Task<IReadOnlyList<HistoryEvent>> PlayAsync(string fault, IFleet fleet, CancellationToken stop)
    {
        using (var journal = new UndoJournal(_folder.Path))
        using (var ledger = new LedgerWriter(_folder.Path, LedgerWriter.Controller, TimeProvider.System))
        {
            var lab = new Lab
            {
                Target = TargetCatalog.Create("sqlite", _folder.Path), Fleet = fleet, Proxies = null, Queue = "chaos",
                Clock = TimeProvider.System, Random = new Random(7), Destroyed = static (_, _) => { },
            };
            using var conductor = new Conductor([], lab, journal, ledger, static _ => { }, _notes.Add);
            await conductor.PlayNowAsync(
                new ScheduledFault(1, TimeSpan.Zero, new FaultPlan { Fault = fault }, 7), stop);
        }

        return [.. new LedgerFolder(_folder.Path).Select(entry => entry.Event)];
    }

    private sealed record EmptyFleet(bool AreProducersDone, Action? OnLook = null) : IFleet
    {
        public IReadOnlyList<IFleetProcess> Workers
        {
            get
            {
                OnLook?.Invoke();
                return [];
            }
        }

        public IReadOnlyList<IFleetProcess> Producers => [];

        public Task SetFailpointAsync(string failpoint, double share) => Task.CompletedTask;

        public long HitsOf(string failpoint) => 0;
    }
}
