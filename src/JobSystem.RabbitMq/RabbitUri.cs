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
    private const string Escapes =
        "in a user, password or virtual host write '/' as %2F, '?' as %3F, '@' as %40";

    private static readonly RabbitEndpoint[] _none = [];

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

    /// <summary>Before and after the first such character; null: it is not there.</summary>
    internal static (string Before, string? After) CutAt(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
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

        var uris = BetweenWholeUris().Split(text).Select(ParseOne).ToList();
        if (uris.Any(uri => uri with { Endpoints = _none } != uris[0] with { Endpoints = _none }))
        {
            throw new FormatException("the URIs of a list may differ in host and port only");
        }

        return uris[0] with { Endpoints = [.. uris.SelectMany(uri => uri.Endpoints)] };
    }

    private static RabbitOptions ParseOne(string text)
    {
        var tls = text.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !text.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"it does not begin with amqp:// or amqps://. {Shape}");
        }

        var (rest, query) = CutAt(text[(tls ? 8 : 7)..], '?');
        (var authority, var path) = CutAt(rest, '/');
        var at = authority.LastIndexOf('@');
        var options = new RabbitOptions
        {
            Endpoints = [.. authority[(at + 1)..].Split(',').Select(host => Endpoint(host, tls))],
            Tls = tls ? new RabbitTls() : null,
            VirtualHost = VirtualHost(path),
        };
        if (at >= 0)
        {
            var (user, password) = CutAt(authority[..at], ':');
            options = options with
            {
                User = Uri.UnescapeDataString(user),
                Password = Uri.UnescapeDataString(password ?? ""),
            };
        }

        return RabbitUriOptions.Apply(options, query ?? "");
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
        var port = match.Groups["port"];
        if (!port.Success)
        {
            return new RabbitEndpoint(host, tls ? RabbitEndpoint.TlsPort : RabbitEndpoint.PlainPort);
        }

        return int.TryParse(port.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 65535
            ? new RabbitEndpoint(host, number)
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

    [GeneratedRegex(",(?=amqps?://)", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenWholeUris();

    [GeneratedRegex(@"^(\[(?<v6>[0-9A-Fa-f:.%]+)\]|(?<host>[A-Za-z0-9._-]+))(:(?<port>.*))?$")]
    private static partial Regex HostAndPort();
}
