using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace JobSystem.RabbitMq;

/// <summary>
/// Where the broker is and how to talk to it. Parsed from a URI (<see cref="Parse"/>) or set in code. Its
/// text has no password.
/// </summary>
public sealed record RabbitOptions
{
    /// <summary>The brokers of one cluster; tried in random order. At least one.</summary>
    public IReadOnlyList<RabbitEndpoint> Endpoints { get; init; } =
        [new("localhost", RabbitEndpoint.PlainPort)];

    /// <summary>Default <c>/</c>.</summary>
    public string VirtualHost { get; init; } = "/";

    /// <summary>Default <c>guest</c>.</summary>
    public string User { get; init; } = "guest";

    /// <summary>Default <c>guest</c>. In no log, error or text of this object.</summary>
    public string Password { get; init; } = "guest";

    /// <summary>How the connection is encrypted; null (the default): not at all.</summary>
    public RabbitTls? Tls { get; init; }

    /// <summary>
    /// How often both sides show that they live. Default 10 s: a broker that vanished without a word is
    /// noticed after 25 to 30 s, and the broker gives our jobs to others after 20 s; with less than 5 s a
    /// busy machine is taken for a dead one. Whole seconds; zero: never (a vanished broker is then noticed by
    /// nobody).
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting to one endpoint may take, handshake included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one call to the broker may take; a channel or connection that misses it is abandoned. Default
    /// 15 s.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The largest body that is sent, in bytes. Null (the default): what the broker's version takes when
    /// nobody configured it, 16 MiB from 4.0 on and 128 MiB before.
    /// </summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>
    /// Reads <c>amqp://user:password@host:5672/vhost?option=value</c>; <c>amqps://</c> is TLS. Several
    /// brokers: <c>amqp://user:password@host1,host2:5673/vhost</c>, or whole URIs with commas between them.
    /// Options: <c>heartbeat</c>, <c>connect-timeout</c>, <c>call-timeout</c> (<c>10</c>, <c>10s</c>,
    /// <c>500ms</c>), <c>max-body-bytes</c>; with TLS <c>verify</c> (<c>peer</c>, or <c>none</c>: take any
    /// certificate), <c>ca</c> (a PEM file to trust instead of the machine's roots), <c>server-name</c>,
    /// <c>cert</c> and <c>key</c> (PEM files of a client certificate), <c>key-password</c>, and <c>auth</c>
    /// (<c>external</c>: that certificate is the login, no user and password).
    /// </summary>
    /// <exception cref="FormatException">What is wrong, in one line, without any part of a password.</exception>
    public static RabbitOptions Parse(string uri) =>
        TryParse(uri, out var options, out var error) ? options : throw new FormatException(error);

    /// <summary>Like <see cref="Parse"/>, with the error as a value.</summary>
    public static bool TryParse(
        string? uri,
        [NotNullWhen(true)] out RabbitOptions? options,
        [NotNullWhen(false)] out string? error) =>
        RabbitUri.TryParse(uri, out options, out error);

    /// <summary>The broker in words, without the password.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Tls is null ? "amqp://" : "amqps://")
            .Append(Uri.EscapeDataString(User)).Append('@').AppendJoin(',', Endpoints);
        if (VirtualHost != "/")
        {
            text.Append('/').Append(Uri.EscapeDataString(VirtualHost));
        }

        return text.ToString();
    }
}

/// <summary>One broker's address.</summary>
public sealed record RabbitEndpoint(string Host, int Port)
{
    public const int PlainPort = 5672;
    public const int TlsPort = 5671;

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>How the broker's certificate is checked.</summary>
public sealed record RabbitTls
{
    /// <summary>The name the certificate must be for. Null: the endpoint's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file with the roots to trust instead of the machine's. Null: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the certificate that this client shows. Null: it shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the key of that certificate. Null: it stands in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Opens the key. Null: it is not encrypted.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>
    /// True: the certificate is the login (SASL EXTERNAL, RabbitMQ's rabbitmq_auth_mechanism_ssl); user and
    /// password are not sent.
    /// </summary>
    public bool ExternalLogin { get; init; }

    /// <summary>
    /// False: any certificate is taken, so anybody in between can read along. For trials only.
    /// </summary>
    public bool Verify { get; init; } = true;

    /// <summary>Without the key's password.</summary>
    public override string ToString() => $"TLS to {ServerName ?? "the endpoint's host"}";
}
