using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace JobSystem.RabbitMq;

/// <summary>
/// Reads broker URIs. Pure. An error is one line, and it quotes nothing that may be a part of a password.
/// </summary>
internal static partial class RabbitUri
{
    private const string Shape = "Expected: amqp://user:password@host:5672/vhost";
    private const string Escapes = "in a user, password or virtual host write '/' as %2F, '?' as %3F, '@' as %40";

    private static readonly RabbitEndpoint[] _none = [];
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RabbitOptions? options, [NotNullWhen(false)] out string? error)
    {
        (options, error) = (null, null);
        try
        {
            options = Parse(text?.Trim() ?? "");
            return true;
        }
        catch (FormatException malformed)
        {
            error = $"The broker URI is malformed: {malformed.Message}.";
            return false;
        }
    }

    private static RabbitOptions Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new FormatException($"it is empty. {Shape}");
        }

        if (text.Any(char.IsControl))
        {
            throw new FormatException("it has a control character");
        }

        RabbitOptions? merged = null;
        foreach (var one in BetweenWholeUris().Split(text))
        {
            var next = ParseOne(one);
            if (merged is not null && merged with { Endpoints = _none } != next with { Endpoints = _none })
            {
                throw new FormatException("the URIs of a list may differ in host and port only");
            }

            merged = merged is null ? next : merged with { Endpoints = [.. merged.Endpoints, .. next.Endpoints] };
        }

        return merged!;
    }

    private static RabbitOptions ParseOne(string text)
    {
        var tls = text.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !text.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"it does not begin with amqp:// or amqps://. {Shape}");
        }

        var rest = text[(tls ? 8 : 7)..];
        (rest, var query) = CutAt(rest, '?');
        (var authority, var path) = CutAt(rest, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : CutAt(authority[..at], ':');
        var options = new RabbitOptions
        {
            Endpoints = [.. authority[(at + 1)..].Split(',').Select(host => Endpoint(host, tls))],
            Tls = tls ? new RabbitTls() : null,
            VirtualHost = VirtualHost(path),
        };
        if (at >= 0)
        {
            options = options with
            {
                User = Uri.UnescapeDataString(user!),
                Password = Uri.UnescapeDataString(password ?? ""),
            };
        }

        return (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Aggregate(options, WithOption);
    }

    private static RabbitEndpoint Endpoint(string text, bool tls)
    {
        var match = HostAndPort().Match(text);
        if (!match.Success)
        {
            throw new FormatException(text.Length == 0
                ? $"it names no host. {Shape}"
                : $"a host or port is not one ({Escapes})");
        }

        var host = match.Groups["v6"].Success ? match.Groups["v6"].Value : match.Groups["host"].Value;
        if (!match.Groups["port"].Success)
        {
            return new RabbitEndpoint(host, tls ? RabbitEndpoint.TlsPort : RabbitEndpoint.PlainPort);
        }

        return int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? new RabbitEndpoint(host, port)
            : throw new FormatException($"a port is not a number from 1 to 65535 ({Escapes})");
    }

    private static string VirtualHost(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "/";
        }

        return path.Contains('/', StringComparison.Ordinal)
            ? throw new FormatException($"more than one '/' after the host ({Escapes})")
            : Uri.UnescapeDataString(path);
    }

    private static RabbitOptions WithOption(RabbitOptions options, string pair)
    {
        var (name, raw) = CutAt(pair, '=');
        name = name.ToLowerInvariant().Replace('_', '-');
        var value = Uri.UnescapeDataString(raw ?? "");
        return name switch
        {
            "heartbeat" => options with { Heartbeat = WholeSeconds(name, value) },
            "connect-timeout" => options with { ConnectTimeout = Positive(name, value) },
            "call-timeout" => options with { CallTimeout = Positive(name, value) },
            "max-body-bytes" => options with { MaxBodyBytes = Bytes(name, value) },
            "verify" => options with { Tls = Tls(options, name) with { Verify = Verify(value) } },
            "ca" => options with { Tls = Tls(options, name) with { CaFile = NotEmpty(name, value) } },
            "server-name" => options with { Tls = Tls(options, name) with { ServerName = NotEmpty(name, value) } },
            _ => throw new FormatException(
                $"it has an unknown option{(OptionName().IsMatch(name) ? $" '{name}'" : "")}; known are heartbeat, " +
                "connect-timeout, call-timeout, max-body-bytes, verify, ca, server-name"),
        };
    }

    private static RabbitTls Tls(RabbitOptions options, string name) =>
        options.Tls ?? throw new FormatException($"the option '{name}' is for amqps:// only");

    private static bool Verify(string value) => value switch
    {
        "peer" => true,
        "none" => false,
        _ => throw new FormatException("the option 'verify' is 'peer' or 'none'"),
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
        return time > TimeSpan.Zero ? time : throw new FormatException($"the option '{name}' must be more than 0");
    }

    private static TimeSpan Time(string name, string value)
    {
        var match = Duration().Match(value);
        if (match.Success
            && long.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= _longest.TotalMilliseconds)
        {
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

    private static (string Before, string? After) CutAt(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    [GeneratedRegex(",(?=amqps?://)", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenWholeUris();

    [GeneratedRegex(@"^(\[(?<v6>[0-9A-Fa-f:.%]+)\]|(?<host>[A-Za-z0-9._-]+))(:(?<port>.*))?$")]
    private static partial Regex HostAndPort();

    [GeneratedRegex("^(?<n>[0-9]{1,9})(?<unit>ms|s|m|)$")]
    private static partial Regex Duration();

    [GeneratedRegex("^[a-z-]{1,30}$")]
    private static partial Regex OptionName();
}
