// Who answers at an address: nobody, somebody who says nothing, somebody who does.
using System.Net;
using System.Net.Sockets;
using JobSystem.Chaos.Targets;
using Xunit;

namespace JobSystem.Chaos.Tests.Targets;

public sealed class AmqpServerTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public AmqpServerTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("4.3.6", "4.3.6")]
    [InlineData("3.10.8", "3.10.8")]
    [InlineData("4.1.0-rc.1", "4.1.0")]
    [InlineData("4.2", "4.2.0")]
    [InlineData("four", null)]
    [InlineData("4", null)]
    [InlineData("4.x.1", null)]
    [InlineData(null, null)]
    public void A_version_is_read_or_there_is_none(string? text, string? version) =>
        Assert.Equal(version is null ? null : Version.Parse(version), AmqpServer.VersionIn(text));

    [Fact]
    public async Task A_server_that_speaks_answers()
    {
        var answers = AnswersAsync(_long);
        using var client = await _listener.AcceptSocketAsync();
        await client.ReceiveAsync(new byte[8]);
        await client.SendAsync(new byte[] { 1 });

        Assert.True(await answers);
    }

    [Fact]
    public async Task A_server_that_hangs_up_does_not_answer()
    {
        var answers = AnswersAsync(_long);
        (await _listener.AcceptSocketAsync()).Dispose();

        Assert.False(await answers);
    }

    [Fact]
    public async Task An_open_port_where_nobody_speaks_is_no_answer() => Assert.False(await AnswersAsync(_short));

    [Fact]
    public async Task A_closed_port_is_no_answer()
    {
        var uri = Uri();
        _listener.Stop();

        Assert.False(await AmqpServer.AnswersAsync(uri, _long, TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_an_error_without_the_password()
    {
        var uri = Uri();
        _listener.Stop();

        var error = await Assert.ThrowsAsync<TargetException>(
            () => AmqpServer.GreetAsync(uri, TimeProvider.System, CancellationToken.None));

        Assert.Contains($"127.0.0.1:{uri.Port}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private Uri Uri() => new($"amqp://me:secret@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    private Task<bool> AnswersAsync(TimeSpan within) =>
        AmqpServer.AnswersAsync(Uri(), within, TimeProvider.System, CancellationToken.None);
}
