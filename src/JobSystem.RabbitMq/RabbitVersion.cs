using System.Globalization;
using System.Text;

namespace JobSystem.RabbitMq;

/// <summary>
/// The broker's version and what follows from it: the one place where the versions differ. A broker that
/// names no version, or is no RabbitMQ, is treated like 3.10, the oldest that is known to work.
/// </summary>
internal readonly record struct RabbitVersion(int Major, int Minor)
{
    public static readonly RabbitVersion Oldest = new(3, 10);

    private const long MiB = 1024 * 1024;

    /// <summary>
    /// A quorum queue can be told to have no delivery limit; before, it has none and -1 would mean 0.
    /// </summary>
    public bool KnowsUnlimitedDeliveries => IsAtLeast(4, 0);

    /// <summary>
    /// A quorum queue drops or dead-letters after 20 deliveries unless it is told otherwise.
    /// </summary>
    public bool LimitsDeliveriesByDefault => IsAtLeast(4, 0);

    /// <summary>The queue argument <c>x-consumer-timeout</c> works.</summary>
    public bool KnowsQueueConsumerTimeout => IsAtLeast(3, 12);

    /// <summary>The same as an argument of a consumer.</summary>
    public bool KnowsConsumerTimeout => IsAtLeast(4, 3);

    /// <summary>The largest message where nobody configured it.</summary>
    public long DefaultMaxBodyBytes => IsAtLeast(4, 0) ? 16 * MiB : 128 * MiB;

    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    public static RabbitVersion Of(IDictionary<string, object?>? serverProperties) =>
        serverProperties is not null
        && serverProperties.TryGetValue("version", out var value)
            ? Parse(value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), string text => text, _ =>
                null })
            : Oldest;

    public static RabbitVersion Parse(string? text)
    {
        var parts = (text ?? "").Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new RabbitVersion(major, minor)
            : Oldest;
    }

    public override string ToString() => $"{Major}.{Minor}";
}
