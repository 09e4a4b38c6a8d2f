using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JobSystem.RabbitMq.Tests.Transports;

/// <summary>Certificates and keys of one test, as PEM files in a folder of its own.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobsystem-tls-");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public void Dispose() => _folder.Delete(recursive: true);

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A certificate for this host that signs itself: NAME.pem, NAME.key.</summary>
    /// <param name="name">Of its files.</param>
    /// <param name="host">Whose it is.</param>
    /// <param name="expired">It was valid until yesterday.</param>
    public void MakeServer(string name, string host, bool expired = false)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(_now.AddDays(-2), _now.AddDays(expired ? -1 : 1));
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A client certificate that a root of its own has signed: NAME-root.pem, NAME.pem, NAME.key.</summary>
    /// <param name="name">Of its files, and its common name.</param>
    /// <param name="password">Encrypts the key; null: it is not encrypted.</param>
    public void MakeClient(string name, string? password = null)
    {
        using var rootKey = RSA.Create(2048);
        var root = new CertificateRequest(
            $"CN={name} root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using var signer = root.CreateSelfSigned(_now.AddDays(-1), _now.AddDays(1));
        using var key = RSA.Create(2048);
        var client = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        client.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = client.Create(signer, _now.AddHours(-1), _now.AddHours(1), [1, 2, 3]);
        File.WriteAllText(PathOf($"{name}-root.pem"), signer.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(
                password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
    }
}
