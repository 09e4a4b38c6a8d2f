using System.Globalization;
using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JobSystem.Chaos.Targets;

/// <summary>Who answers at an AMQP address, and whether anybody does.</summary>
/// <param name="Product">As the server says: <c>RabbitMQ</c>.</param>
/// <param name="Version">Null where the server says none that can be read.</param>
internal sealed record AmqpServer(string Product, Version? Version)
{
    private static readonly byte[] _greeting = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public override string ToString() => Version is null ? Product : $"{Product} {Version}";

    /// <summary>Opens a connection and a channel with the address's user and virtual host, and closes them.</summary>
    /// <exception cref="TargetException">Nobody answers, or it refuses; the text has no password.</exception>
    public static async Task<AmqpServer> GreetAsync(Uri uri, TimeProvider clock, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await using var connection = await FactoryFor(uri).CreateConnectionAsync(both.Token);

            // The client does not wait for the broker's word on the virtual host: a refusal (530) comes afterwards.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: both.Token);
            var said = connection.ServerProperties ?? new Dictionary<string, object?>();
            return new AmqpServer(Word(said, "product") ?? "AMQP 0-9-1 server", VersionIn(Word(said, "version")));
        }
        catch (Exception error) when (error is BrokerUnreachableException or OperationCanceledException
            or OperationInterruptedException or IOException or SocketException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new TargetException($"The broker at {uri.Host}:{uri.Port} is not usable: {Root(error)}");
        }
    }

    /// <summary>A client of our own beside those under test: no recovery, a short heartbeat.</summary>
    public static ConnectionFactory FactoryFor(Uri uri) => new()
    {
        Uri = uri,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = _patience,
        RequestedHeartbeat = TimeSpan.FromSeconds(20),
        ClientProvidedName = "chaos",
    };

    /// <summary>
    /// Whether a broker answers AMQP's greeting there: an open port may be a proxy's, or a frozen process's.
    /// </summary>
    /// <param name="uri">Host and port; no encryption.</param>
    /// <param name="within">How long an answer may take.</param>
    /// <param name="clock">For that.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<bool> AnswersAsync(
        Uri uri, TimeSpan within, TimeProvider clock, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(within, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(uri.Host, uri.Port is -1 ? 5672 : uri.Port, both.Token);
            await socket.SendAsync(_greeting, both.Token);
            return await socket.ReceiveAsync(new byte[1], both.Token) > 0;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Null unless the text begins with a version: <c>4.3.6</c>, <c>4.1.0-rc.1</c>.</summary>
    internal static Version? VersionIn(string? text)
    {
        var numbers = (text ?? "").Split('-', '+', '~')[0].Split('.').Take(3)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : -1)
            .ToArray();
        return numbers.Length >= 2 && numbers.All(number => number >= 0)
            ? new Version(numbers[0], numbers[1], numbers.ElementAtOrDefault(2))
            : null;
    }

    private static string? Word(IDictionary<string, object?> said, string name) =>
        said.TryGetValue(name, out var word) && word is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static string Root(Exception error) => error is OperationCanceledException
        ? "no answer in time."
        : error.GetBaseException().Message;
}
