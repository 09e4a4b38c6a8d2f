using System.Text;
using RabbitMQ.Client;

namespace JobSystem.RabbitMq.Wire;

/// <summary>Told of headers that make no sense; they are ignored, the job is not.</summary>
internal interface IHeaderListener
{
    void Ignored(string header, string why);
}

/// <summary>Reads a header as what it should be; tells the listener where it is not, and gives null.</summary>
internal readonly struct HeaderReader(IHeaderListener listener)
{
    private static readonly long _firstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long _lastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly long _lastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public void Ignored(string name, string why) => listener.Ignored(name, why);

    public long? Whole(string name, object? value, long min, long max)
    {
        if (HeaderValues.Whole(value) is { } number && number >= min && number <= max)
        {
            return number;
        }

        listener.Ignored(name, $"it is not a whole number from {min} to {max}");
        return null;
    }

    /// <summary>A time in milliseconds since 1970.</summary>
    public DateTimeOffset? Milliseconds(string name, object? value) =>
        Whole(name, value, 0, _lastMillisecond) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : null;

    /// <summary>A time in seconds since 1970.</summary>
    public DateTimeOffset? Seconds(string name, long seconds)
    {
        if (seconds >= _firstSecond && seconds <= _lastSecond)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        listener.Ignored(name, "it is no time in seconds since 1970");
        return null;
    }

    public string? Text(string name, object? value, int maxLength)
    {
        var text = HeaderValues.Text(value, maxLength);
        if (string.IsNullOrEmpty(text))
        {
            listener.Ignored(name, $"it is not a text of 1 to {maxLength} characters");
            return null;
        }

        return text;
    }

    public ReadOnlyMemory<byte>? Bytes(string name, object? value)
    {
        switch (value)
        {
            case byte[] bytes:
                return bytes;
            case BinaryTableValue binary:
                return binary.Bytes;
            case string text:
                return Encoding.UTF8.GetBytes(text);
            default:
                listener.Ignored(name, "it is not bytes");
                return default;
        }
    }
}
