using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Faults.Workers;
using JobSystem.Chaos.Fleets;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

public sealed class ActorCrashTests
{
    private readonly Fleet _fleet = new();
    private readonly FaultContext _context;

    public ActorCrashTests() => _context = new FaultContext
    {
        Target = null!, // this fault does not look at it
        Fleet = _fleet,
        Proxies = null,
        Queue = "chaos",
        Clock = TimeProvider.System,
        Random = new Random(7),
        Destroyed = static (_, _) => { },
    };

    [Fact]
    public async Task What_the_process_says_of_the_crash_is_its_proof()
    {
        _fleet.Add("worker-1.1", kind => $"/user/jobsystem/{kind}: Restart");

        var fault = Make("publisher");
        var proof = await PlayAsync(fault);

        Assert.Equal("worker-1.1: /user/jobsystem/publisher: Restart", proof);
        Assert.Equal("the publisher of worker-1.1 (process 7)", fault.Victim);
    }

    [Fact]
    public async Task A_parent_that_decides_otherwise_than_it_must_is_an_error()
    {
        _fleet.Add("worker-1.1", static _ => "/user/jobsystem/consume/consumer-0-1: Restart");

        var error = await Assert.ThrowsAsync<FaultException>(() => PlayAsync(Make("consumer")));

        Assert.Contains("must be Stop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_process_ends_first_another_is_hit()
    {
        _fleet.Add("worker-1.1", _ =>
        {
            _fleet.Replace("worker-1.2", static _ => "/user/jobsystem/queue-q/worker-0: Restart");
            return null;
        });

        Assert.StartsWith("worker-1.2: ", await PlayAsync(Make("worker")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_of_a_tree_crash_no_oftener_than_it_may_start_anew()
    {
        _fleet.Add("worker-1.1", static _ => "/user/jobsystem/monitor: Restart");
        for (var times = 0; times < 8; times++)
        {
            await PlayAsync(Make("monitor"));
        }

        var crash = PlayAsync(Make("monitor"));
        Assert.False(crash.IsCompleted);
        _fleet.Add("worker-2.1", static _ => "/user/jobsystem/monitor: Restart");

        Assert.StartsWith("worker-2.1: ", await crash, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_is_none_is_named()
    {
        var error = Assert.Throws<FormatException>(() => Make("guardian"));

        Assert.Contains("'actor-crash' has kind: guardian", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_is_each_of_them_by_chance()
    {
        string[] victims = [.. Enumerable.Range(0, 200).Select(_ => Make("any").Victim).Distinct()];

        Assert.Equal(ActorKind.All.Count, victims.Length);
    }

    private Fault Make(string kind) => ActorCrash.Kind.Create(
        new FaultArguments(ActorCrash.Kind, new Dictionary<string, string> { ["kind"] = kind }), _context);

    private async Task<string> PlayAsync(Fault fault)
    {
        await fault.PrepareAsync(default);
        await fault.InjectAsync(default);
        var proof = await fault.ProveAsync(default);
        await fault.HealAsync(default);
        _context.Claims.ReleaseAll(_context.Claimant);
        return proof;
    }

    private sealed class Fleet : IFleet
    {
        private volatile IReadOnlyList<Worker> _workers = [];

        public IReadOnlyList<IFleetProcess> Workers => _workers;

        public IReadOnlyList<IFleetProcess> Producers => [];

        public void Add(string name, Func<string, string?> crash) => _workers = [.. _workers, new Worker(name, crash)];

        public void Replace(string name, Func<string, string?> crash) => _workers = [new Worker(name, crash)];

        public Task SetFailpointAsync(string failpoint, double share) => Task.CompletedTask;

        public long HitsOf(string failpoint) => 0;
    }

    private sealed class Worker(string name, Func<string, string?> crash) : IFleetProcess
    {
        public string Name => name;

        public string Member => name;

        public int Pid => 7;

        public long Birth => 0;

        public Task<int> Exited { get; } = new TaskCompletionSource<int>().Task;

        public void Signal(int signal)
        {
        }

        public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) =>
            Task.FromResult(crash(kind));
    }
}
