using JobSystem.Chaos.Experiments;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
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

    [Theory]
    [InlineData("worker-pause")]
    [InlineData("worker-kill")]
    public async Task A_fault_whose_victim_ends_by_itself_in_the_same_moment_is_not_tried(string fault)
    {
        var events = await PlayAsync(fault, new GoneFleet(), CancellationToken.None);

        Assert.StartsWith(
            "Fault 1 was not tried: worker-1.1 had ended", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.DoesNotContain(events, each => each is HistoryEvent.FaultFailed or HistoryEvent.FaultHappened);
    }

    [Fact]
    public async Task Kills_that_came_late_because_no_victim_lived_do_not_come_all_at_once()
    {
        var fleet = new LateFleet();
        var every = TimeSpan.FromMilliseconds(200);
        var plan = new FaultPlan { Fault = "worker-kill", Times = 3, Every = every };
        using var journal = new RevertJournal(_folder.Path);
        using var ledger = new LedgerWriter(_folder.Path, LedgerWriter.Controller, TimeProvider.System);
        using var conductor = new Conductor(
            [.. Enumerable.Range(0, 3).Select(time => new ScheduledFault(time + 1, time * every, plan, 7))],
            LabOf(fleet), journal, ledger, static _ => { }, _notes.Add);

        // Long ago: all are overdue.
        await conductor.PlayAsync(TimeProvider.System.GetTimestamp() - TimeProvider.System.TimestampFrequency,
            CancellationToken.None);

        Assert.Equal(3, fleet.Kills.Count);
        Assert.All(
            fleet.Kills.Zip(fleet.Kills.Skip(1)),
            pair => Assert.InRange(
                TimeProvider.System.GetElapsedTime(pair.First, pair.Second), every * 0.45, TimeSpan.MaxValue));
    }

    private async Task<IReadOnlyList<HistoryEvent>> PlayAsync(string fault, IFleet fleet, CancellationToken stop)
    {
        using (var journal = new RevertJournal(_folder.Path))
        using (var ledger = new LedgerWriter(_folder.Path, LedgerWriter.Controller, TimeProvider.System))
        {
            using var conductor = new Conductor([], LabOf(fleet), journal, ledger, static _ => { }, _notes.Add);
            await conductor.PlayNowAsync(
                new ScheduledFault(1, TimeSpan.Zero, new FaultPlan { Fault = fault }, 7), stop);
        }

        return [.. new LedgerFolder(_folder.Path).Select(entry => entry.Event)];
    }

    private FaultContext LabOf(IFleet fleet) => new()
    {
        Target = TargetCatalog.Create("sqlite", _folder.Path), Fleet = fleet, Proxies = null, Queue = "chaos",
        Clock = TimeProvider.System, Random = new Random(7), Destroyed = static (_, _) => { },
    };

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

    /// <summary>Its three workers are there at the fourth look.</summary>
    private sealed class LateFleet : IFleet
    {
        private readonly List<IFleetProcess> _workers;
        private int _looks;

        public LateFleet() =>
            _workers = [.. Enumerable.Range(1, 3).Select(number => new Victim($"worker-{number}", this))];

        public List<long> Kills { get; } = [];

        public IReadOnlyList<IFleetProcess> Workers
        {
            get
            {
                lock (Kills)
                {
                    return ++_looks < 4 ? [] : [.. _workers];
                }
            }
        }

        public IReadOnlyList<IFleetProcess> Producers => [];

        public Task SetFailpointAsync(string failpoint, double share) => Task.CompletedTask;

        public long HitsOf(string failpoint) => 0;

        private void Kill(Victim victim)
        {
            lock (Kills)
            {
                Kills.Add(TimeProvider.System.GetTimestamp());
                _workers.Remove(victim);
            }
        }

        private sealed class Victim(string member, LateFleet fleet) : IFleetProcess
        {
            private readonly TaskCompletionSource<int> _exited = new();

            public string Name => $"{member}.1";

            public string Member => member;

            public int Pid => 1;

            public long Birth => 1;

            public Task<int> Exited => _exited.Task;

            public void Signal(int signal)
            {
                fleet.Kill(this);
                _exited.TrySetResult(128 + signal);
            }

            public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) =>
                Task.FromResult<string?>(null);
        }
    }

    /// <summary>Its only worker has just ended by itself, and the fleet does not know yet.</summary>
    private sealed class GoneFleet : IFleet, IFleetProcess
    {
        public IReadOnlyList<IFleetProcess> Workers => [this];

        public IReadOnlyList<IFleetProcess> Producers => [];

        public string Name => "worker-1.1";

        public string Member => "worker-1";

        public int Pid => int.MaxValue;

        public long Birth => 1;

        public Task<int> Exited => Task.FromResult(70);

        public void Signal(int signal)
        {
        }

        public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) =>
            Task.FromResult<string?>(null);

        public Task SetFailpointAsync(string failpoint, double share) => Task.CompletedTask;

        public long HitsOf(string failpoint) => 0;
    }
}
