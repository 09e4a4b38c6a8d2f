using JobSystem.RabbitMq;

namespace JobSystem;

/// <summary>RabbitMQ as the broker of a job system.</summary>
public static class RabbitMqExtensions
{
    /// <summary>
    /// Uses the broker of a URI: see <see cref="RabbitOptions.Parse"/> for its shape and options.
    /// </summary>
    /// <exception cref="FormatException">The URI is malformed.</exception>
    public static JobSystemBuilder UseRabbitMq(this JobSystemBuilder jobs, string uri) =>
        jobs.UseRabbitMq(RabbitOptions.Parse(uri));

    /// <summary>Uses the broker that the options name.</summary>
    public static JobSystemBuilder UseRabbitMq(this JobSystemBuilder jobs, RabbitOptions options)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(options);
        return jobs.UseTransport(context =>
            new RabbitTransport(options, context.TimeProvider, context.LoggerFactory, context.Random));
    }
}
