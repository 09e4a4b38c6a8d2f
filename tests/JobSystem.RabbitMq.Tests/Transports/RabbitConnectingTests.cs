using System.Net;
using System.Net.Sockets;
using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>How a connection comes to be, or says why not.</summary>
public sealed class RabbitConnectingTests(VirtualHosts hosts) : IClassFixture<VirtualHosts>
{
    public static TheoryData<string> Kinds() => BrokerUnderTest.Kinds();

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_wrong_password_is_refused_in_the_brokers_words_and_not_repeated(string kind)
    {
        var host = await hosts.OnAsync(kind);

        var failure = await FailureOf($"amqp://guest:secret-4711@{host.Uri.Authority}/{host.Name}");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("ACCESS_REFUSED", failure.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", failure.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_wrong_virtual_host_is_refused_in_the_brokers_words(string kind)
    {
        var host = await hosts.OnAsync(kind);

        var failure = await FailureOf($"amqp://guest:guest@{host.Uri.Authority}/no-such-host");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("no-such-host", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_broker_is_unreachable()
    {
        var failure = await FailureOf("amqp://guest:guest@127.0.0.1:1");

        Assert.Equal(TransportFailureKind.Unreachable, failure.Kind);
        Assert.Contains("127.0.0.1:1", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_somebody_listens_and_says_nothing_the_broker_is_unreachable_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var failure = await FailureOf($"amqp://{silent.LocalEndpoint}?connect-timeout=300ms");

        Assert.Equal(TransportFailureKind.Unreachable, failure.Kind);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Of_several_brokers_one_that_answers_is_enough(string kind)
    {
        var host = await hosts.OnAsync(kind);
        var hostList = $"127.0.0.1:1,{host.Uri.Authority},127.0.0.1:2";
        var transport = TransportTo($"amqp://guest:guest@{hostList}/{host.Name}");

        for (var times = 0; times < 5; times++)
        {
            await using var connection = await transport.ConnectAsync("test", new ProbeConnection());
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_largest_body_is_known_from_the_version_or_the_options(string kind)
    {
        await using var bench = await RabbitBench.OnAsync(hosts, kind);
        var byVersion = await bench.ConnectAsync();
        await using var set = await RabbitBench.OnAsync(hosts, kind, "?max-body-bytes=1000");

        Assert.Equal((kind == "plain" ? 128 : 16) * 1024 * 1024, byVersion.MaxBodyBytes);
        Assert.Equal(1000, (await set.ConnectAsync()).MaxBodyBytes);
    }

    private static RabbitTransport TransportTo(string uri) =>
        new(RabbitOptions.Parse(uri), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<TransportFailure> FailureOf(string uri) =>
        (await Assert.ThrowsAsync<TransportException>(
            () => TransportTo(uri).ConnectAsync("test", new ProbeConnection()))).Failure;
}
