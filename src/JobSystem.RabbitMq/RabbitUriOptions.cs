using System.Globalization;
using System.Text.RegularExpressions;

namespace JobSystem.RabbitMq;

/// <summary>
/// Reads what stands behind the question mark of a broker URI. Pure. Errors as of <see cref="RabbitUri"/>.
/// </summary>
internal static partial class RabbitUriOptions
{
    private const string Known =
        "heartbeat, connect-timeout, call-timeout, max-body-bytes, and with amqps:// verify, ca, server-name, " +
        "cert, key, key-password, auth";

    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    /// <exception cref="FormatException">An option is unknown, or its value is not one.</exception>
    public static RabbitOptions Apply(RabbitOptions options, string query)
    {
        var applied = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Aggregate(options, WithOption);
        return applied.Tls switch
        {
            { CertificateFile: null, KeyFile: not null } => throw new FormatException("the option 'key' needs 'cert'"),
            { CertificateFile: null, ExternalLogin: true } =>
                throw new FormatException("the option 'auth=external' needs 'cert'"),
            _ => applied,
        };
    }

    private static RabbitOptions WithOption(RabbitOptions options, string pair)
    {
        var (name, raw) = RabbitUri.CutAt(pair, '=');
        name = name.ToLowerInvariant().Replace('_', '-');
        var value = Uri.UnescapeDataString(raw ?? "");
        return name switch
        {
            "heartbeat" => options with { Heartbeat = WholeSeconds(name, value) },
            "connect-timeout" => options with { ConnectTimeout = Positive(name, value) },
            "call-timeout" => options with { CallTimeout = Positive(name, value) },
            "max-body-bytes" => options with { MaxBodyBytes = Bytes(name, value) },
            "verify" => WithTls(options, name, tls => tls with { Verify = Verify(value) }),
            "ca" => WithTls(options, name, tls => tls with { CaFile = NotEmpty(name, value) }),
            "server-name" => WithTls(options, name, tls => tls with { ServerName = NotEmpty(name, value) }),
            "cert" => WithTls(options, name, tls => tls with { CertificateFile = NotEmpty(name, value) }),
            "key" => WithTls(options, name, tls => tls with { KeyFile = NotEmpty(name, value) }),
            "key-password" => WithTls(options, name, tls => tls with { KeyPassword = value }),
            "auth" => WithTls(options, name, tls => tls with { ExternalLogin = External(value) }),
            _ when OptionName().IsMatch(name) =>
                throw new FormatException($"it has an unknown option '{name}'; known are {Known}"),
            _ => throw new FormatException($"it has an unknown option; known are {Known}"),
        };
    }

    private static RabbitOptions WithTls(
        RabbitOptions options, string name, Func<RabbitTls, RabbitTls> change) =>
        options.Tls is { } tls
            ? options with { Tls = change(tls) }
            : throw new FormatException($"the option '{name}' is for amqps:// only");

    private static bool Verify(string value) => value switch
    {
        "peer" => true,
        "none" => false,
        _ => throw new FormatException("the option 'verify' is 'peer' or 'none'"),
    };

    private static bool External(string value) => value switch
    {
        "external" => true,
        "password" => false,
        _ => throw new FormatException("the option 'auth' is 'password' or 'external'"),
    };

    private static string NotEmpty(string name, string value) =>
        value.Length > 0 ? value : throw new FormatException($"the option '{name}' has no value");

    private static long Bytes(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0
            ? bytes
            : throw new FormatException($"the option '{name}' is a number of bytes, at least 1");

    private static TimeSpan WholeSeconds(string name, string value)
    {
        var time = Time(name, value);
        return time.Ticks % TimeSpan.TicksPerSecond == 0
            ? time
            : throw new FormatException($"the option '{name}' is in whole seconds");
    }

    private static TimeSpan Positive(string name, string value)
    {
        var time = Time(name, value);
        return time > TimeSpan.Zero
            ? time
            : throw new FormatException($"the option '{name}' must be more than 0");
    }

    private static TimeSpan Time(string name, string value)
    {
        var match = Duration().Match(value);
        if (match.Success)
        {
            var n = long.Parse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            var time = match.Groups["unit"].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(n),
                "m" => TimeSpan.FromMinutes(n),
                _ => TimeSpan.FromSeconds(n),
            };
            if (time <= _longest)
            {
                return time;
            }
        }

        throw new FormatException($"the option '{name}' is a time such as 10s, 500ms or 2m, at most 1 h");
    }

    [GeneratedRegex("^(?<n>[0-9]{1,9})(?<unit>ms|s|m|)$")]
    private static partial Regex Duration();

    [GeneratedRegex("^[a-z-]{1,30}$")]
    private static partial Regex OptionName();
}
