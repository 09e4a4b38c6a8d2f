using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobSystem.Transports;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq;

/// <summary>
/// How a broker's certificate is judged: by the machine's roots, by the roots in a file, or (asked for by
/// name) not at all. The certificate's name must be the host's, or the one given.
/// </summary>
internal static class RabbitCertificates
{
    public static SslOption Of(RabbitTls? tls, string host)
    {
        if (tls is null)
        {
            return new SslOption { Enabled = false };
        }

        var option = new SslOption(tls.ServerName ?? host, enabled: true)
        {
            AcceptablePolicyErrors = SslPolicyErrors.None,
        };
        if (!tls.Verify)
        {
#pragma warning disable CA5359 // asked for by verify=none, and said so in the log
            option.CertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.CaFile is { } file)
        {
            var roots = Load(file);
            option.CertificateValidationCallback = (_, certificate, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
                && IsSignedBy(roots, certificate);
        }

        return option;
    }

    private static X509Certificate2Collection Load(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or CryptographicException)
        {
            throw new TransportException(new(TransportFailureKind.AccessRefused,
                $"The roots to trust cannot be read from '{file}': {unreadable.Message}"), unreadable);
        }
    }

    private static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
