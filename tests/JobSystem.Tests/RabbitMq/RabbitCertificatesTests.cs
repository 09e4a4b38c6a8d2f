using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobSystem.RabbitMq;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace JobSystem.Tests.RabbitMq;

/// <summary>What a broker that hangs up says without words.</summary>
public sealed class RabbitCertificatesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public RabbitCertificatesTests()
    {
        using var key = RSA.Create(2048);
        using var certificate = NewCertificate("client", key);
        File.WriteAllText(_file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_broker_that_hangs_up_before_its_first_word_did_not_take_our_certificate() =>
        Assert.Contains("did not take the one of", ReasonOf(_file, brokerSpoke: false)!, StringComparison.Ordinal);

    [Fact]
    public void A_broker_that_hangs_up_before_its_first_word_wants_a_certificate() =>
        Assert.Contains("Cure: add cert=", ReasonOf(null, brokerSpoke: false)!, StringComparison.Ordinal);

    [Fact]
    public void A_broker_that_spoke_before_it_hung_up_had_taken_our_certificate() =>
        Assert.Null(ReasonOf(_file, brokerSpoke: true));

    [Fact]
    public void A_broker_that_wants_no_certificate_hung_up_for_another_reason() =>
        Assert.Null(ReasonOf(_file, brokerSpoke: false, isWanted: false));

    private static string? ReasonOf(string? file, bool brokerSpoke, bool isWanted = true)
    {
        var certificates = new RabbitCertificates(new RabbitTls { CertificateFile = file }, "broker");
        var select = certificates.ToOptions().LocalCertificateSelectionCallback!;
        using var shown = file is null ? null : X509Certificate2.CreateFromPemFile(file);
        Assert.Null(select(new object(), "broker", [], null, []));
        if (isWanted)
        {
            using var key = RSA.Create(2048);
            using var brokers = NewCertificate("broker", key);
            var own = (X509Certificate2?)select(new object(), "broker", [], brokers, []);
            Assert.Equal(shown?.Thumbprint, own?.Thumbprint);
        }

        return certificates.ReasonOf(
            new BrokerUnreachableException(new IOException("Connection reset by peer")), brokerSpoke);
    }

    private static X509Certificate2 NewCertificate(string name, RSA key) =>
        new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(80));
}
