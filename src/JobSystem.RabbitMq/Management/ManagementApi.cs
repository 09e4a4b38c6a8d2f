using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using JobSystem.Transports;

namespace JobSystem.RabbitMq.Management;

/// <summary>
/// RabbitMQ's management API: the only way to list queues and to see policies (AMQP has neither). Its numbers lag by
/// up to five seconds.
/// Promises: bounded in time and in what it reads; every failure says what to do.
/// </summary>
internal sealed class ManagementApi : IDisposable
{
    private const int DefaultPort = 15672;
    private const int PageSize = 500;
    private const int MaxPages = 40;
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly RabbitOptions _broker;
    private readonly Uri _address;

    /// <param name="broker">Whose queues; its user is the API's user.</param>
    /// <param name="address">Null: the broker's first host, port 15672.</param>
    public ManagementApi(RabbitOptions broker, Uri? address)
    {
        (_broker, _address) = (broker, address ?? DefaultOf(broker));
        var user = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{broker.User}:{broker.Password}"));
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = _deadline / 2, AllowAutoRedirect = false })
        {
            Timeout = _deadline,
            MaxResponseContentBufferSize = 32 * 1024 * 1024,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", user);
    }

    /// <summary>All queues of the virtual host, at most 20,000.</summary>
    /// <exception cref="TransportException">There is no answer, or not the one that is needed.</exception>
    public Task<IReadOnlyList<ListedQueue>> ListAsync() => ReadAsync(
        "name,type,durable,messages_ready,messages_unacknowledged,consumers", ListedQueue.From);

    /// <summary>What policies do to each of them, and which jobs they do not move on.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public Task<IReadOnlyList<ManagedQueue>> PoliciesAsync() => ReadAsync(
        "name,policy,operator_policy,effective_policy_definition,arguments,messages_ready,message_bytes_ready," +
        "messages_dlx", ManagedQueue.From);

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string columns, Func<JsonElement, T> read)
    {
        var queues = new List<T>();
        for (var page = 1; page <= MaxPages; page++)
        {
            var path = $"api/queues/{Uri.EscapeDataString(_broker.VirtualHost)}?page={page}&page_size={PageSize}" +
                $"&columns={columns}&disable_stats=false";
            if (page >= AddPage(queues, read, await GetAsync(path).ConfigureAwait(false)))
            {
                break;
            }
        }

        return queues;
    }

    /// <summary>The number of pages that there are.</summary>
    private int AddPage<T>(List<T> queues, Func<JsonElement, T> read, byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            queues.AddRange(root.GetProperty("items").EnumerateArray().Select(read));
            return root.GetProperty("page_count").GetInt32();
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Failed(TransportFailureKind.Refused,
                $"What answers at {_address} is no management API of RabbitMQ: {other.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> GetAsync(string path)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(_address, path)).ConfigureAwait(false);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await response.Content.ReadAsByteArrayAsync()
                    .ConfigureAwait(false),
                HttpStatusCode.Unauthorized => throw Failed(TransportFailureKind.AccessRefused,
                    $"The management API at {_address} refuses the user '{_broker.User}': check the " +
                    "password, and give the user the tag 'management' (rabbitmqctl set_user_tags)."),
                _ => throw Failed(TransportFailureKind.Refused,
                    $"The management API at {_address} answered {(int)response.StatusCode} {response.ReasonPhrase}: " +
                    $"is it RabbitMQ's, and is there a virtual host '{_broker.VirtualHost}'?"),
            };
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw Failed(TransportFailureKind.Unreachable,
                $"No management API at {_address}: {error.Message.TrimEnd('.')}. Queues are listed, and policies " +
                "seen, only through it: enable it (rabbitmq-plugins enable rabbitmq_management), or name it with " +
                "--management URL. 'jobs queues show NAME' works without.");
        }
    }

    private static TransportException Failed(TransportFailureKind kind, string text) => new(new(kind, text));

    /// <summary>Where it is if nobody says otherwise: the broker's first host, port 15672.</summary>
    public static Uri DefaultOf(RabbitOptions broker) =>
        new UriBuilder("http", broker.Endpoints[0].Host, DefaultPort).Uri;
}
