using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using JobSystem.RabbitMq;
using JobSystem.Transports;

namespace JobSystem.Cli.Queues;

/// <summary>
/// RabbitMQ's management API: the only way to list queues (AMQP has none). Its numbers lag by up to five seconds.
/// Promises: bounded in time and in what it reads; every failure says what to do.
/// </summary>
internal sealed class ManagementApi : IDisposable
{
    private const int DefaultPort = 15672;
    private const int PageSize = 500;
    private const int MostPages = 40;
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly RabbitOptions _broker;
    private readonly Uri _address;

    /// <param name="broker">Whose queues; its user is the API's user.</param>
    /// <param name="address">Null: the broker's first host, port 15672.</param>
    public ManagementApi(RabbitOptions broker, Uri? address)
    {
        (_broker, _address) = (broker, address ?? Default(broker));
        var user = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{broker.User}:{broker.Password}"));
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = _deadline / 2, AllowAutoRedirect = false })
        {
            Timeout = _deadline,
            MaxResponseContentBufferSize = 32 * 1024 * 1024,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", user);
    }

    /// <summary>All queues of the virtual host, at most 20,000.</summary>
    /// <exception cref="FailedException">There is no answer, or not the one that is needed.</exception>
    public Task<IReadOnlyList<ListedQueue>> ListAsync() => ReadAsync(
        "name,type,durable,messages_ready,messages_unacknowledged,consumers", ListedQueue.From);

    /// <summary>What policies do to each of them.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public Task<IReadOnlyList<QueuePolicy>> PoliciesAsync() => ReadAsync(
        "name,policy,operator_policy,effective_policy_definition,arguments", QueuePolicy.From);

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string columns, Func<JsonElement, T> read)
    {
        var queues = new List<T>();
        for (var page = 1; page <= MostPages; page++)
        {
            var path = $"api/queues/{Uri.EscapeDataString(_broker.VirtualHost)}?page={page}&page_size={PageSize}" +
                $"&columns={columns}&disable_stats=false";
            using var answer = JsonDocument.Parse(await GetAsync(path));
            var root = answer.RootElement;
            queues.AddRange(root.GetProperty("items").EnumerateArray().Select(read));
            if (page >= root.GetProperty("page_count").GetInt32())
            {
                break;
            }
        }

        return queues;
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> GetAsync(string path)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(_address, path));
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await response.Content.ReadAsByteArrayAsync(),
                HttpStatusCode.Unauthorized => throw new FailedException(
                    $"The management API at {_address} refuses the user '{_broker.User}': check the " +
                    "password, and give the user the tag 'management' (rabbitmqctl set_user_tags)."),
                _ => throw new FailedException(
                    $"The management API at {_address} answered {(int)response.StatusCode} {response.ReasonPhrase}: " +
                    $"is it RabbitMQ's, and is there a virtual host '{_broker.VirtualHost}'?"),
            };
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw new FailedException(
                $"No management API at {_address}: {error.Message} Queues can only be listed through it: enable it " +
                "(rabbitmq-plugins enable rabbitmq_management), or name it with --management URL. " +
                "'jobs queues show NAME' works without.");
        }
    }

    /// <summary>An address that a user gave; null: none.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Uri? ParseAddress(string? text) => text switch
    {
        null => null,
        _ when Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 => uri,
        _ => throw new UsageException("--management: expected http://host:15672, without user (the broker's is used)."),
    };

    private static Uri Default(RabbitOptions broker) =>
        new UriBuilder("http", broker.Endpoints[0].Host, DefaultPort).Uri;
}

/// <summary>A queue as the management API tells it. What it does not know yet of a new one is zero.</summary>
internal sealed record ListedQueue(string Name, string Kind, bool Durable, long Ready, long? Unacked, long Consumers)
{
    /// <summary>Of a broker that lists its queues itself.</summary>
    public static ListedQueue From(QueueInfo queue) =>
        new(queue.Name, queue.Kind ?? "?", queue.Durable == true, queue.Ready, null, queue.Consumers);

    public static ListedQueue From(JsonElement item) => new(
        item.GetProperty("name").GetString()!,
        item.TryGetProperty("type", out var type) ? type.GetString() ?? "?" : "?",
        item.TryGetProperty("durable", out var durable) && durable.ValueKind == JsonValueKind.True,
        Number(item, "messages_ready"), Number(item, "messages_unacknowledged"), Number(item, "consumers"));

    private static long Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
