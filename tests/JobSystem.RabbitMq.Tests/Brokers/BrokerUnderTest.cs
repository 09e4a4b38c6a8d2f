// The face of one real broker to a test. Owns nothing: the broker is a process or a container that
// tests/brokers/broker controls, shared by every test of this clone and still there after the test (to end
// it: `tests/brokers/broker KIND down`; tests/run.sh does). What a test makes in it lies in a virtual host
// of its own.
using System.Collections.Concurrent;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Brokers;

/// <summary>
/// A real RabbitMQ that a test may stop, kill and freeze. Kinds: <c>plain</c> (the distribution's package
/// as a process; 3.10 on Debian 12), <c>4.0</c> and <c>4.3</c> (containers). Every method returns when its
/// effect is there: after <see cref="UpAsync"/>, <see cref="StartAsync"/> and <see cref="RestartAsync"/> it
/// answers AMQP.
/// </summary>
/// <remarks>
/// Tests that share a broker disturb each other when one restarts it, so this project runs its tests one
/// after the other (<c>AssemblyInfo.cs</c>). A test that leaves the broker stopped or frozen harms nobody
/// as long as the next one begins with <see cref="UpAsync"/>, which leads from every state to a running
/// broker.
/// </remarks>
public sealed class BrokerUnderTest
{
    private static readonly ConcurrentDictionary<string, BrokerUnderTest> _byKind = new();

    private Uri? _uri;

    private BrokerUnderTest(string kind) => Kind = kind;

    /// <summary>The broker without Docker; the one that a bare <c>dotnet test</c> covers.</summary>
    public static BrokerUnderTest Plain => Of("plain");

    /// <summary><c>plain</c>, <c>4.0</c> or <c>4.3</c>.</summary>
    public string Kind { get; }

    /// <summary>The default virtual host, as guest, on loopback. Its port stays the same through every
    /// restart.
    /// </summary>
    /// <exception cref="InvalidOperationException">Before the first <see cref="UpAsync"/>.</exception>
    public Uri Uri => _uri ?? throw new InvalidOperationException($"{Kind} is not up yet: UpAsync first");

    /// <summary>The kinds this run must cover: those named in JOBSYSTEM_TEST_BROKERS (comma-separated), by
    /// default <c>plain</c>. tests/run.sh sets it to what the machine can run.</summary>
    public static IReadOnlyList<BrokerUnderTest> All() =>
    [
        .. (Environment.GetEnvironmentVariable("JOBSYSTEM_TEST_BROKERS") ?? "plain")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Of)
    ];

    /// <summary>The same as data of a theory whose parameter is <c>string kind</c>: <c>MemberData(nameof(
    /// BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))</c>.</summary>
    public static TheoryData<string> Kinds() => [.. All().Select(broker => broker.Kind)];

    /// <summary>The broker of a kind.</summary>
    public static BrokerUnderTest Of(string kind) => _byKind.GetOrAdd(kind, _ => new BrokerUnderTest(kind));

    /// <summary>From whatever state to a running broker: some 50 ms where it runs already, 3 to 7 s where
    /// not, minutes the first time on a machine (packages, image).</summary>
    public async Task<Uri> UpAsync() => _uri = new Uri(await RunAsync("up"));

    /// <summary>Ends it gracefully: connections are closed with 320, messages and queues stay.</summary>
    public Task StopAsync() => RunAsync("stop");

    /// <summary>Starts it after <see cref="StopAsync"/> or <see cref="KillAsync"/>; 3 to 7 s.</summary>
    public Task StartAsync() => RunAsync("start");

    /// <summary><see cref="StopAsync"/>, then <see cref="StartAsync"/>.</summary>
    public Task RestartAsync() => RunAsync("restart");

    /// <summary>SIGKILL, as in a crash. What was confirmed stays, with one known exception: a quorum queue
    /// whose broker is killed within about 1.1 s of the queue's declaration comes back empty (one node;
    /// RabbitMQ 4.0.5 and 4.3.6, every time); on 3.10 such a queue can be missing.
    /// Wait 3 s after declaring before the first kill.</summary>
    public Task KillAsync() => RunAsync("kill");

    /// <summary>Freezes the whole broker: connections stay open and nobody answers.</summary>
    public Task PauseAsync() => RunAsync("pause");

    /// <summary>Ends <see cref="PauseAsync"/>.</summary>
    public Task UnpauseAsync() => RunAsync("unpause");

    /// <summary><c>running</c>, <c>paused</c>, <c>stopped</c> or <c>down</c>.</summary>
    public Task<string> StatusAsync() => RunAsync("status");

    /// <summary>rabbitmqctl in the broker; returns what it printed. 0.3 to 0.6 s.</summary>
    /// <exception cref="BrokerScriptException">rabbitmqctl failed; the message has what it said.</exception>
    public Task<string> CtlAsync(params string[] arguments) => RunAsync("ctl", arguments);

    /// <summary>The broker's log so far.</summary>
    public Task<string> LogsAsync() => RunAsync("logs");

    /// <summary>Brings the broker up and makes a virtual host in it that is empty and nobody else's;
    /// removed with its queues by disposing of it. 0.3 to 0.6 s: one for a test class, by <see
    /// cref="VirtualHosts"/>.</summary>
    public async Task<VirtualHost> NewVirtualHostAsync()
    {
        await UpAsync();
        return await VirtualHost.MakeAsync(this);
    }

    public override string ToString() => Kind;

    internal Task<string> RunAsync(string verb, params string[] arguments) =>
        BrokerScript.RunAsync(Kind, verb, arguments);
}
