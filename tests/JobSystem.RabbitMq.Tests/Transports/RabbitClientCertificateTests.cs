using JobSystem.RabbitMq.Tests.Brokers;
using JobSystem.Transports;
using Xunit;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>The certificate that this client shows to a broker that wants one.</summary>
[OnBroker("plain")]
public sealed class RabbitClientCertificateTests(VirtualHosts hosts) : TlsTests(hosts), IClassFixture<VirtualHosts>
{
    [Fact]
    public async Task A_broker_that_wants_a_client_certificate_says_so_and_takes_one_that_it_trusts()
    {
        Files.MakeClient("known");
        Files.MakeClient("stranger");
        var port = await ListenForAsync("known");

        var none = await FailureOfAsync("localhost", Ca, port);
        Assert.Equal(TransportFailureKind.AccessRefused, none.Kind);
        Assert.Contains("wants a client certificate", none.Text, StringComparison.Ordinal);
        Assert.Contains("Cure: add cert=", none.Text, StringComparison.Ordinal);

        var stranger = await FailureOfAsync("localhost", $"{Ca}&{ClientOptions("stranger")}", port);
        Assert.Equal(TransportFailureKind.AccessRefused, stranger.Kind);
        Assert.Contains("did not take the one of", stranger.Text, StringComparison.Ordinal);

        await using var known = await ConnectAsync("localhost", $"{Ca}&{ClientOptions("known")}", port);
        Assert.NotNull(known.Product);
    }

    [Fact]
    public async Task A_client_certificate_that_is_not_there_is_named()
    {
        var failure = await FailureOfAsync("localhost", "cert=/no/such/client.pem");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("/no/such/client.pem", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encrypted_key_is_opened_by_its_password()
    {
        Files.MakeClient("known", password: "open sesame");
        var port = await ListenForAsync("known");

        await using var connection = await ConnectAsync(
            "localhost", $"{Ca}&{ClientOptions("known")}&key-password=open%20sesame", port);
        Assert.NotNull(connection.Product);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&key-password=wrong")]
    public async Task An_encrypted_key_without_its_password_says_so(string password)
    {
        Files.MakeClient("known", password: "open sesame");

        var failure = await FailureOfAsync("localhost", $"{Ca}&{ClientOptions("known")}{password}");

        Assert.Equal(TransportFailureKind.AccessRefused, failure.Kind);
        Assert.Contains("known.key", failure.Text, StringComparison.Ordinal);
        Assert.Contains("key-password", failure.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_the_login_where_the_broker_takes_it_as_one()
    {
        Files.MakeClient("known");
        var port = await ListenForAsync("known");
        var external = $"{Ca}&{ClientOptions("known")}&auth=external";

        var untaught = await FailureOfAsync("localhost", external, port);
        Assert.Equal(TransportFailureKind.AccessRefused, untaught.Kind);
        Assert.Contains("rabbitmq_auth_mechanism_ssl", untaught.Text, StringComparison.Ordinal);

        await TakeCertificatesAsLoginsAsync();
        try
        {
            var nobody = await FailureOfAsync("localhost", external, port);
            Assert.Equal(TransportFailureKind.AccessRefused, nobody.Kind);

            await Host.Broker.CtlAsync("add_user", "known", "no password is sent");
            await Host.Broker.CtlAsync("set_permissions", "-p", Host.Name, "known", ".*", ".*", ".*");
            await using var connection = await ConnectAsync("localhost", external, port, login: "");
            Assert.NotNull(connection.Product);
        }
        finally
        {
            await Host.Broker.CtlAsync("eval", "rabbit_registry:unregister(auth_mechanism, <<\"EXTERNAL\">>), " +
                "rabbit_auth_backend_internal:exists(<<\"known\">>) andalso " +
                "rabbit_auth_backend_internal:delete_user(<<\"known\">>, <<\"test\">>).");
        }
    }

    // What enabling the plugin does, without a restart; the certificate's common name is the user.
    private Task TakeCertificatesAsLoginsAsync() => Host.Broker.CtlAsync("eval",
        "[code:add_patha(D) || D <- filelib:wildcard(filename:join([code:lib_dir(rabbit), \"..\", " +
        "\"rabbitmq_auth_mechanism_ssl-*\", \"ebin\"]))], " +
        "application:set_env(rabbit, ssl_cert_login_from, common_name), " +
        "application:set_env(rabbit, ssl_options, [{verify, verify_peer}, {fail_if_no_peer_cert, true}]), " +
        "{ok, M} = application:get_env(rabbit, auth_mechanisms), " +
        "application:set_env(rabbit, auth_mechanisms, lists:usort(['EXTERNAL' | M])), " +
        "rabbit_registry:register(auth_mechanism, <<\"EXTERNAL\">>, rabbit_auth_mechanism_ssl).");

    private Task<int> ListenForAsync(string client) => ListenAsync("broker",
        $"{{cacertfile, \"{Files.PathOf($"{client}-root.pem")}\"}}, {{verify, verify_peer}}, " +
        "{fail_if_no_peer_cert, true}");

    private string ClientOptions(string name) => $"cert={Uri.EscapeDataString(Files.PathOf($"{name}.pem"))}" +
        $"&key={Uri.EscapeDataString(Files.PathOf($"{name}.key"))}";
}
