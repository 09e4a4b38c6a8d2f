using JobSystem.Chaos.Faults;
using JobSystem.Chaos.Faults.Network;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Tests.Proxies;
using Xunit;

namespace JobSystem.Chaos.Tests.Faults;

/// <summary>
/// Faults of the network: proven by what the proxy saw, refused where nothing happened, gone when healed.
/// </summary>
public sealed class NetworkFaultsTests
{
    public static TheoryData<string> Names() => [.. NetworkFaults.All.Select(kind => kind.Name)];

    [Fact]
    public void Each_has_a_name_of_its_own() =>
        Assert.Equal(NetworkFaults.All.Count, NetworkFaults.All.DistinctBy(kind => kind.Name).Count());

    [Theory, MemberData(nameof(Names))]
    public async Task Each_can_be_made_of_its_defaults_and_ends_with_its_controller(string name)
    {
        await using var bench = new ProxyBench();
        await bench.ConnectAsync();

        var fault = Make(name, bench);

        Assert.Contains("worker-1", fault.Victim, StringComparison.Ordinal);
        Assert.InRange(fault.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Empty(fault.Revert);
    }

    [Theory]
    [InlineData("net-latency", "direction", "up")]
    [InlineData("net-stall", "who", "some")]
    [InlineData("net-cut-frame", "who", "all")]
    [InlineData("net-bandwidth", "rate", "fast")]
    [InlineData("net-refuse", "how", "rudely")]
    public async Task A_setting_that_makes_no_sense_is_named(string name, string setting, string text)
    {
        await using var bench = new ProxyBench();
        await bench.ConnectAsync();

        var error = Assert.Throws<FormatException>(() => Make(name, bench, (setting, text)));

        Assert.Contains($"'{name}' has {setting}: {text}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net-latency")]
    [InlineData("net-bandwidth")]
    [InlineData("net-slice")]
    [InlineData("net-stall")]
    [InlineData("net-one-way")]
    public async Task What_disturbs_bytes_is_proven_by_them_and_gone_when_healed(string name)
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var fault = Make(name, bench);

        await fault.InjectAsync(CancellationToken.None);
        var proof = fault.ProveAsync(CancellationToken.None);
        Assert.False(proof.IsCompleted);
        await broker.SayAsync(Wire.Heartbeat);
        Assert.Matches("^[0-9]+ (bytes|pieces) ", await proof.WaitAsync(ProxyBench.Patience));
        await fault.HealAsync(CancellationToken.None);

        Assert.Equal(Wire.Heartbeat, await client.HearAsync(Wire.Heartbeat.Length));
        Assert.True(bench.Proxy.Toxics.IsEmpty);
    }

    [Theory]
    [InlineData("net-stall", "Nothing was disturbed: no bytes stood still within 30 s.")]
    [InlineData("ack-swallow", "Nothing was disturbed: no acks were swallowed within 30 s.")]
    [InlineData("net-cut-frame", "No such frame of worker-1 came by within 30 s.")]
    public async Task Where_nothing_came_by_it_was_not_tried(string name, string expected)
    {
        using var clock = new ArmedTime();
        await using var bench = new ProxyBench(clock: clock);
        await bench.ConnectAsync();
        var fault = Make(name, bench);
        await fault.InjectAsync(CancellationToken.None);

        var proof = fault.ProveAsync(CancellationToken.None);
        await clock.ArmedAsync();
        clock.Advance(TimeSpan.FromSeconds(30));

        var error = await Assert.ThrowsAsync<NoOccasionException>(() => proof.WaitAsync(ProxyBench.Patience));
        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("reset", true)]
    [InlineData("close", false)]
    public async Task Broken_connections_are_proven_when_the_client_is_back(string how, bool isReset)
    {
        await using var bench = new ProxyBench();
        var (client, _, _) = await bench.ConnectAsync();
        var fault = Make("net-reset", bench, ("how", how));

        await fault.InjectAsync(CancellationToken.None);
        var proof = fault.ProveAsync(CancellationToken.None);
        Assert.Equal(isReset, (await client.HearAllAsync()).IsReset);
        Assert.False(proof.IsCompleted);
        await bench.ConnectAsync();

        Assert.Equal("1 connections broke, and worker-1 connected again", await proof.WaitAsync(ProxyBench.Patience));
    }

    [Fact]
    public async Task Only_what_is_idle_is_reset_for_being_idle()
    {
        using var clock = new ArmedTime();
        await using var bench = new ProxyBench(clock: clock);
        var (idle, _, _) = await bench.ConnectAsync();
        var (busy, broker, _) = await bench.ConnectAsync();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        await busy.SayAsync(Wire.Protocol);
        await broker.HearAsync(Wire.Protocol.Length);

        var fault = Make("net-idle-reset", bench);
        await fault.PrepareAsync(CancellationToken.None);
        await fault.InjectAsync(CancellationToken.None);

        Assert.True((await idle.HearAllAsync()).IsReset);
        await busy.SayAsync(Wire.Heartbeat);
        Assert.Equal(Wire.Heartbeat, await broker.HearAsync(Wire.Heartbeat.Length));
    }

    [Theory]
    [InlineData("refused", "1 connections were reset; who connects is refused")]
    [InlineData("silent", "1 connections were reset; who connects is left in silence")]
    public async Task Who_was_refused_gets_in_when_it_is_healed(string how, string expected)
    {
        await using var bench = new ProxyBench();
        var (client, _, _) = await bench.ConnectAsync();
        var fault = Make("net-refuse", bench, ("how", how));

        await fault.InjectAsync(CancellationToken.None);
        Assert.True((await client.HearAllAsync()).IsReset);
        if (how == "silent")
        {
            await bench.DialAsync();
        }

        Assert.Equal(expected, await fault.ProveAsync(CancellationToken.None).WaitAsync(ProxyBench.Patience));
        await fault.HealAsync(CancellationToken.None);

        await bench.ConnectAsync();
    }

    [Fact]
    public async Task Healing_lost_acks_resets_the_connections_that_lost_them_and_no_other()
    {
        await using var bench = new ProxyBench();
        var (robbed, _, _) = await bench.ConnectAsync();
        var (other, broker, _) = await bench.ConnectAsync();
        var fault = Make("ack-swallow", bench);
        await fault.InjectAsync(CancellationToken.None);

        await robbed.SayAsync(Wire.Protocol, Wire.Ack(1, 1));
        Assert.Equal(
            "1 acks were swallowed", await fault.ProveAsync(CancellationToken.None).WaitAsync(ProxyBench.Patience));
        await fault.HealAsync(CancellationToken.None);

        Assert.True((await robbed.HearAllAsync()).IsReset);
        await other.SayAsync(Wire.Protocol);
        Assert.Equal(Wire.Protocol, await broker.HearAsync(Wire.Protocol.Length));
    }

    [Fact]
    public async Task Lost_confirms_stay_lost_after_healing_and_new_ones_come()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        var fault = Make("confirm-swallow", bench, ("who", "any"));
        await fault.InjectAsync(CancellationToken.None);

        await broker.SayAsync(Wire.Ack(1, 4, multiple: true));
        await fault.ProveAsync(CancellationToken.None).WaitAsync(ProxyBench.Patience);
        await fault.HealAsync(CancellationToken.None);
        await broker.SayAsync(Wire.Ack(1, 5, multiple: true));

        Assert.Equal(Wire.Ack(1, 5), await client.HearAsync(Wire.Ack(1, 5).Length));
    }

    [Fact]
    public async Task A_closed_channel_is_proven_when_another_is_opened()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        await client.SayAsync(Wire.Protocol, Wire.Open(3));
        await broker.HearAsync([.. Wire.Protocol, .. Wire.Open(3)]);
        await broker.SayAsync(Wire.OpenOk(3));
        await client.HearAsync(Wire.OpenOk(3));
        var fault = Make("channel-close", bench);

        await fault.InjectAsync(CancellationToken.None);
        var proof = fault.ProveAsync(CancellationToken.None);
        await broker.SayAsync(Wire.CloseOk(3));
        await client.HearAsync(Wire.Close(3, 541, "INTERNAL_ERROR")); // a client answers what it was told
        await client.SayAsync(Wire.CloseOk(3));
        await broker.SayAsync(Wire.OpenOk(4));

        Assert.Equal(
            "channel 3 of connection 1 was given up and another one opened",
            await proof.WaitAsync(ProxyBench.Patience));
        Assert.True(bench.Proxy.Toxics.IsEmpty);
    }

    [Fact]
    public async Task A_cancelled_consumer_is_proven_when_there_is_another()
    {
        await using var bench = new ProxyBench();
        var (client, broker, _) = await bench.ConnectAsync();
        await client.SayAsync(Wire.Protocol);
        await broker.HearAsync(Wire.Protocol);
        await broker.SayAsync(Wire.OpenOk(1), Wire.ConsumeOk(1, "tag"));
        await client.HearAsync([.. Wire.OpenOk(1), .. Wire.ConsumeOk(1, "tag")]);
        var fault = Make("consumer-cancel", bench);

        await fault.InjectAsync(CancellationToken.None);
        var proof = fault.ProveAsync(CancellationToken.None);
        await broker.SayAsync(Wire.CancelOk(1, "tag"), Wire.ConsumeOk(1, "tag-2"));

        Assert.Equal(
            "consumer tag was cancelled, and worker-1 consumes again", await proof.WaitAsync(ProxyBench.Patience));
        Assert.True(bench.Proxy.Toxics.IsEmpty);
    }

    [Theory]
    [InlineData("channel-close", "has no channel open")]
    [InlineData("consumer-cancel", "consumes nothing")]
    public async Task What_is_not_there_cannot_be_broken(string name, string expected)
    {
        await using var bench = new ProxyBench();
        await bench.ConnectAsync();

        var error = await Assert.ThrowsAsync<FaultException>(
            () => Make(name, bench).InjectAsync(CancellationToken.None));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_connected_is_no_victim()
    {
        await using var bench = new ProxyBench();

        Assert.Throws<FaultException>(() => Make("net-stall", bench));
    }

    private static Fault Make(string name, ProxyBench bench, params (string Name, string Text)[] settings)
    {
        var kind = NetworkFaults.All.Single(kind => kind.Name == name);
        var given = settings.ToDictionary(setting => setting.Name, setting => setting.Text);
        if (kind.Settings.Any(setting => setting.Name == "who"))
        {
            given.TryAdd("who", "worker");
        }

        return kind.Create(new FaultArguments(kind, given), new FaultContext
        {
            Target = null!, // faults of the network do not look at it
            Fleet = new OneWorker(),
            Proxies = bench.Farm,
            Queue = "chaos",
            Clock = bench.Proxy.Clock,
            Random = new Random(7),
            Destroyed = static (_, _) => { },
        });
    }

    private sealed class OneWorker : IFleet, IFleetProcess
    {
        public IReadOnlyList<IFleetProcess> Workers => [this];

        public IReadOnlyList<IFleetProcess> Producers => [];

        public string Name => "worker-1.1";

        public string Member => "worker-1";

        public int Pid => 0;

        public long Birth => 0;

        public Task<int> Exited { get; } = new TaskCompletionSource<int>().Task;

        public void Signal(int signal)
        {
        }

        public Task<string?> CrashActorAsync(string kind, CancellationToken cancellationToken) =>
            Task.FromResult<string?>(null);

        public Task SetFailpointAsync(string failpoint, double share) => Task.CompletedTask;

        public long HitsOf(string failpoint) => 0;
    }
}
