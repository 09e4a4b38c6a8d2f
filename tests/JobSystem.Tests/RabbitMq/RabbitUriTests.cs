using JobSystem.RabbitMq;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>What a broker URI means, and what is said of one that means nothing.</summary>
public sealed class RabbitUriTests
{
    [Fact]
    public void Everything_that_is_left_out_has_its_default()
    {
        var options = RabbitOptions.Parse("amqp://localhost");

        Assert.Equal([new RabbitEndpoint("localhost", 5672)], options.Endpoints);
        Assert.Equal(("guest", "guest", "/"), (options.User, options.Password, options.VirtualHost));
        Assert.Null(options.Tls);
        Assert.Null(options.MaxBodyBytes);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Heartbeat);
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var options = RabbitOptions.Parse(
            "amqps://me:p%40ss%2Fword@broker.example:5999/my%2Fhost?heartbeat=5&connect_timeout=500ms"
            + "&call-timeout=2m&max-body-bytes=1000&verify=none&ca=%2Fetc%2Fca.pem&server-name=inner");

        Assert.Equal([new RabbitEndpoint("broker.example", 5999)], options.Endpoints);
        Assert.Equal(("me", "p@ss/word", "my/host"), (options.User, options.Password, options.VirtualHost));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Heartbeat);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromMinutes(2), options.CallTimeout);
        Assert.Equal(1000, options.MaxBodyBytes);
        Assert.Equal(
            new RabbitTls { Verify = false, CaFile = "/etc/ca.pem", ServerName = "inner" }, options.Tls);
    }

    [Fact]
    public void A_client_certificate_can_be_named_and_its_password_is_in_no_text()
    {
        var options = RabbitOptions.Parse(
            "amqps://broker.example?cert=me.pem&key=me.key&key-password=s3cret&auth=external");

        Assert.Equal(
            new RabbitTls
            {
                CertificateFile = "me.pem", KeyFile = "me.key", KeyPassword = "s3cret", ExternalLogin = true,
            },
            options.Tls);
        Assert.DoesNotContain("s3cret", $"{options} {options.Tls}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqps://h?key=me.key", "'key' needs 'cert'")]
    [InlineData("amqps://h?auth=external", "needs 'cert'")]
    [InlineData("amqps://h?auth=kerberos", "'password' or 'external'")]
    [InlineData("amqps://h?cert=", "'cert' has no value")]
    [InlineData("amqp://h?cert=me.pem", "amqps:// only")]
    public void A_client_certificate_that_makes_no_sense_is_refused(string uri, string told)
    {
        Assert.False(RabbitOptions.TryParse(uri, out _, out var error));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqp://a,b:1,[::1]:2/v", "a:5672 b:1 [::1]:2", "v")]
    [InlineData("amqp://a/v,amqp://b:7/v", "a:5672 b:7", "v")]
    [InlineData("amqps://a,b", "a:5671 b:5671", "/")]
    [InlineData("amqp://u:p,q@a,b/", "a:5672 b:5672", "/")]
    [InlineData("AMQP://A", "A:5672", "/")]
    [InlineData(" amqp://a/%2F ", "a:5672", "/")]
    public void Several_brokers_are_one_list(string uri, string endpoints, string virtualHost)
    {
        var options = RabbitOptions.Parse(uri);

        Assert.Equal(endpoints, string.Join(' ', options.Endpoints));
        Assert.Equal(virtualHost, options.VirtualHost);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("localhost", "amqp:// or amqps://")]
    [InlineData("http://localhost", "amqp:// or amqps://")]
    [InlineData("amqp://", "names no host")]
    [InlineData("amqp://user:secret@", "names no host")]
    [InlineData("amqp://a,,b", "names no host")]
    [InlineData("amqp://a:0", "1 to 65535")]
    [InlineData("amqp://a:65536", "1 to 65535")]
    [InlineData("amqp://a:x", "1 to 65535")]
    [InlineData("amqp://user:sec/ret@a", "%2F")]
    [InlineData("amqp://a b", "host or port")]
    [InlineData("amqp://a/v/w", "more than one '/'")]
    [InlineData("amqp://a?heartbeat=soon", "'heartbeat' is a time")]
    [InlineData("amqp://a?heartbeat=2h", "'heartbeat' is a time")]
    [InlineData("amqp://a?heartbeat=100m", "'heartbeat' is a time")]
    [InlineData("amqp://a?heartbeat=1500ms", "whole seconds")]
    [InlineData("amqp://a?call-timeout=0", "more than 0")]
    [InlineData("amqp://a?max-body-bytes=-1", "number of bytes")]
    [InlineData("amqp://a?beat=1", "unknown option 'beat'")]
    [InlineData("amqp://a?verify=none", "for amqps:// only")]
    [InlineData("amqps://a?verify=maybe", "'peer' or 'none'")]
    [InlineData("amqps://a?ca=", "has no value")]
    [InlineData("amqp://a,amqps://b", "host and port only")]
    [InlineData("amqp://a/v,amqp://b/w", "host and port only")]
    [InlineData("amqp://x:secret@a,amqp://b", "host and port only")]
    [InlineData("amqp://a\nb", "control character")]
    public void What_is_malformed_is_said_in_one_line(string? uri, string saying)
    {
        Assert.False(RabbitOptions.TryParse(uri, out var options, out var error));

        Assert.Null(options);
        Assert.Contains(saying, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.Throws<FormatException>(() => RabbitOptions.Parse(uri!));
    }

    [Theory]
    [InlineData("amqp://user:sec/ret@host")]
    [InlineData("amqp://user:sec?ret@host")]
    [InlineData("amqp://user:sec#ret@host:ret")]
    [InlineData("amqp://user:secret@host:ret")]
    [InlineData("amqp://user:secret@ho st")]
    [InlineData("amqp://user:secret@host?secret=ret%")]
    public void No_error_tells_a_part_of_a_password(string uri)
    {
        Assert.False(RabbitOptions.TryParse(uri, out _, out var error));

        Assert.DoesNotContain("ret@", error, StringComparison.Ordinal);
        Assert.DoesNotContain("sec/", error, StringComparison.Ordinal);
        Assert.DoesNotContain("user:", error.Replace("amqp://user:password@", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_options_has_no_password()
    {
        var options = RabbitOptions.Parse("amqps://me:secret@a,b:1/v?verify=none");

        Assert.Equal("amqps://me@a:5671,b:1/v", options.ToString());
        Assert.Equal("amqp://guest@localhost:5672", new RabbitOptions().ToString());
    }
}
