using System.Text.Json;

namespace JobSystem.Handlers;

/// <summary>
/// Payloads as JSON (System.Text.Json, web defaults unless the options say otherwise). A body that is not what the
/// handler's type needs will not become so by another attempt: it is a <see cref="JobNotRetryableException"/>.
/// </summary>
internal sealed class JobCodec(JsonSerializerOptions options)
{
    public const string ContentType = "application/json";

    public byte[] Encode<TPayload>(TPayload payload) => JsonSerializer.SerializeToUtf8Bytes(payload, options);

    public TPayload Decode<TPayload>(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<TPayload>(body.Span, options)
                ?? throw new JobNotRetryableException($"The body is the JSON null, not a {typeof(TPayload).Name}.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new JobNotRetryableException(
                $"The body ({body.Length} bytes) is not a {typeof(TPayload).Name}: {error.Message}", error);
        }
    }
}
