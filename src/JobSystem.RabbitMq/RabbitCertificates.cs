using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobSystem.Transports;

namespace JobSystem.RabbitMq;

/// <summary>
/// How a broker's certificate is judged: by the machine's roots, by the roots in a file, or (asked for by
/// name) not at all. The certificate's name must be the host's, or the one given. And the certificate that is
/// shown to a broker that wants one. One object for each connection: it remembers what was wrong.
/// </summary>
internal sealed class RabbitCertificates(RabbitTls tls, string host)
{
    private string? _problem;
    private bool _oneIsWanted;

    /// <exception cref="TransportException">A file of certificates cannot be read.</exception>
    public SslClientAuthenticationOptions ToOptions()
    {
        var roots = tls.CaFile is { } file ? Load(file) : null;
        var own = Own();
        return new SslClientAuthenticationOptions
        {
            TargetHost = tls.ServerName ?? host,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                !tls.Verify || (_problem = ProblemOf(certificate, chain, errors, roots)) is null,
            LocalCertificateSelectionCallback = (_, _, _, brokers, _) =>
            {
                // It is asked before the broker has shown anything, and again when the broker wants one. Given at
                // once, nobody could tell whether it was wanted.
                _oneIsWanted |= brokers is not null;
                return brokers is null ? null! : own!;
            },
        };
    }

    /// <summary>Why no connection came about, with the cure; null: not because of a certificate.</summary>
    /// <param name="failed">What the library threw.</param>
    /// <param name="brokerSpoke">Something came from the broker behind the handshake: it had no more to say about
    /// certificates. In TLS 1.3 it refuses ours after the handshake, and may hang up before its reason is read.</param>
    public string? ReasonOf(Exception failed, bool brokerSpoke)
    {
        if (_problem is not null)
        {
            return _problem;
        }

        if (!_oneIsWanted || brokerSpoke || Chain(failed).Any(static each => each is TimeoutException))
        {
            return null;
        }

        return tls.CertificateFile is { } file
            ? $"TLS: the broker wants a client certificate, and did not take the one of '{file}'. Cure: one that " +
                "is signed by a root that the broker trusts (its cacertfile), and not expired."
            : "TLS: the broker wants a client certificate (ssl_options.fail_if_no_peer_cert). Cure: add " +
                "cert=FILE.pem and key=FILE.pem to the broker's URI.";
    }

    private static IEnumerable<Exception> Chain(Exception failed)
    {
        for (var each = failed; each is not null; each = each.InnerException)
        {
            yield return each;
        }
    }

    /// <summary>Null: it is the broker's, and trusted.</summary>
    private string? ProblemOf(
        X509Certificate? shown, X509Chain? machines, SslPolicyErrors errors, X509Certificate2Collection? roots)
    {
        if (shown is null)
        {
            return "TLS: the broker showed no certificate.";
        }

        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        using var ours = new X509Chain();
        var (chain, isTrusted) = (machines, !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors));
        if (roots is not null)
        {
            ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            ours.ChainPolicy.CustomTrustStore.AddRange(roots);
            ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            for (var index = 0; index < machines?.ChainElements.Count; index++)
            {
                // What the broker sent between its own and its root.
                ours.ChainPolicy.ExtraStore.Add(machines.ChainElements[index].Certificate);
            }

            (chain, isTrusted) = (ours, ours.Build(certificate));
        }

        if (!isTrusted)
        {
            return NotTrusted(certificate, chain);
        }

        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? null :
            $"TLS: the broker's certificate is for the name {NamesOf(certificate)}, not for " +
            $"'{tls.ServerName ?? host}'. Cure: connect by that name, or add server-name=NAME to the broker's URI.";
    }

    private string NotTrusted(X509Certificate2 certificate, X509Chain? chain)
    {
        var status = chain?.ChainStatus.Aggregate(
            X509ChainStatusFlags.NoError, static (all, each) => all | each.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return $"TLS: the broker's certificate, or one that signed it, is not valid now: it is valid from " +
                $"{certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}. Cure: renew it at the " +
                "broker, or set the clock of this machine.";
        }

        var issuer = certificate.Subject == certificate.Issuer ? "itself (self-signed)" : $"'{certificate.Issuer}'";
        return tls.CaFile is { } file
            ? $"TLS: the broker's certificate is not trusted: it is signed by {issuer}, and not by a root in " +
                $"'{file}'. Cure: name the file of its root with ca=FILE.pem."
            : $"TLS: the broker's certificate is not trusted: it is signed by {issuer}, which this machine does not " +
                "know. Cure: add ca=FILE.pem with its root to the broker's URI.";
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static names => names.EnumerateDnsNames()
                .Concat(names.EnumerateIPAddresses().Select(static address => $"{address}")))
            .DefaultIfEmpty(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        return string.Join(", ", names.Select(static name => $"'{name}'"));
    }

    private X509Certificate2? Own()
    {
        if (tls.CertificateFile is not { } file)
        {
            return null;
        }

        var key = tls.KeyFile ?? file;
        return Reading("client certificate", tls.KeyFile is null ? file : $"{file}' and '{key}", () =>
        {
            if (tls.KeyPassword is { } password)
            {
                return Decrypt(file, password);
            }

            return IsEncrypted(key)
                ? throw new CryptographicException("the key is encrypted. Cure: add key-password=PASSWORD.")
                : X509Certificate2.CreateFromPemFile(file, tls.KeyFile);
        });
    }

    private X509Certificate2 Decrypt(string file, string password)
    {
        try
        {
            return X509Certificate2.CreateFromEncryptedPemFile(file, password, tls.KeyFile);
        }
        catch (CryptographicException refused)
        {
            throw new CryptographicException($"{refused.Message} Cure: check key-password.", refused);
        }
    }

    private static bool IsEncrypted(string key) =>
        File.ReadLines(key).Any(static line => line.Contains("ENCRYPTED", StringComparison.Ordinal));

    private static X509Certificate2Collection Load(string file) => Reading("roots to trust", file, () =>
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    });

    private static T Reading<T>(string what, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or CryptographicException)
        {
            throw new TransportException(new(TransportFailureKind.AccessRefused,
                $"TLS: the {what} cannot be read from '{file}': {unreadable.Message}"), unreadable);
        }
    }
}
