using System.Net;
using System.Net.Sockets;
using System.Text;
using JobSystem.RabbitMq;
using JobSystem.RabbitMq.Management;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.Tests.RabbitMq.Management;

/// <summary>Against a little server that answers as RabbitMQ's management plugin does.</summary>
public sealed class ManagementApiTests : IDisposable
{
    private static readonly RabbitOptions _options = RabbitOptions.Parse("amqp://user:secret@localhost/my%20host");

    private readonly HttpListener _server = new();
    private readonly Uri _address;

    public ManagementApiTests()
    {
        _address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _server.Prefixes.Add($"{_address}");
        _server.Start();
    }

    public void Dispose() => _server.Close();

    [Fact]
    public async Task All_pages_are_read_and_what_is_not_known_yet_is_zero()
    {
        using var api = new ManagementApi(_options, _address);
        var listing = api.ListAsync();

        var first = await AnswerAsync(200, """
            {"page_count":2,"items":[{"name":"a","type":"quorum","durable":true,"messages_ready":3,
             "messages_unacknowledged":2,"consumers":1}]}
            """);
        await AnswerAsync(200, """{"page_count":2,"items":[{"name":"new"}]}""");
        var queues = await listing;

        Assert.Equal("/api/queues/my%20host", first.Path);
        Assert.Equal("Basic " + Convert.ToBase64String("user:secret"u8), first.Authorization);
        Assert.Equal([new("a", "quorum", true, 3, 2, 1), new("new", "?", false, 0, 0, 0)], queues);
    }

    [Theory]
    [InlineData(401, "tag")]
    [InlineData(404, "my host")]
    public async Task A_refusal_says_what_to_do_and_no_password(int status, string hint)
    {
        using var api = new ManagementApi(_options, _address);
        var listing = api.ListAsync();
        await AnswerAsync(status, "{}");

        var refused = await Assert.ThrowsAsync<TransportException>(() => listing);

        Assert.Contains(hint, refused.Message);
        Assert.DoesNotContain("secret", refused.Message);
    }

    [Fact]
    public async Task Where_there_is_no_such_api_the_way_out_is_named()
    {
        using var api = new ManagementApi(_options, new Uri($"http://127.0.0.1:{FreePort()}/"));

        var absent = await Assert.ThrowsAsync<TransportException>(() => api.ListAsync());

        Assert.Contains("rabbitmq-plugins enable", absent.Message);
    }

    [Theory]
    [InlineData("<html>a proxy</html>")]
    [InlineData("""{"items":7}""")]
    public async Task What_is_no_management_API_is_said_to_be_none(string body)
    {
        using var watch = new ManagementWatch(new ManagementApi(_options, _address));
        var looking = watch.LookAsync(["q"]);
        await AnswerAsync(200, body);

        var survey = await looking;

        Assert.Empty(survey.Troubles);
        Assert.Contains("is no management API", survey.NotSeen, StringComparison.Ordinal);
    }

    private async Task<(string Path, string? Authorization)> AnswerAsync(int status, string body)
    {
        var context = await _server.GetContextAsync();
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
        return (context.Request.RawUrl!.Split('?')[0], context.Request.Headers["Authorization"]);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
