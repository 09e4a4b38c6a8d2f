using System.Diagnostics;
using JobSystem.Cli.Arguments;
using JobSystem.RabbitMq;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;

namespace JobSystem.Cli.Brokers;

/// <summary>Which broker the user means. A closed set; made from a URI, shown without its password.</summary>
internal abstract record BrokerAddress
{
    /// <summary>Where the URI comes from when the option is not given.</summary>
    public const string Variable = "JOBS_BROKER";

    private BrokerAddress()
    {
    }

    public sealed record Rabbit(RabbitOptions Options) : BrokerAddress
    {
        public override string ToString() => Options.ToString();
    }

    /// <summary>A broker in this process; its jobs end with it.</summary>
    public sealed record Memory(InMemoryBroker Broker) : BrokerAddress
    {
        public override string ToString() => "memory:";
    }

    /// <param name="option">The value of <c>--broker</c>; null: not given.</param>
    /// <param name="variable">The value of <see cref="Variable"/>; null or empty: not set.</param>
    /// <exception cref="UsageException">There is none, or it is malformed: one line without secrets.</exception>
    public static BrokerAddress Choose(string? option, string? variable)
    {
        var uri = option ?? (string.IsNullOrEmpty(variable) ? null : variable);
        return uri is null
            ? throw new UsageException(
                $"No broker: pass --broker amqp://user:password@host:5672/vhost, or set {Variable}.")
            : Parse(uri);
    }

    public static BrokerAddress Parse(string uri)
    {
        var scheme = uri.Split(':', 2)[0].Trim().ToLowerInvariant();
        return scheme switch
        {
            "amqp" or "amqps" when uri.Contains(':', StringComparison.Ordinal) =>
                RabbitOptions.TryParse(uri, out var options, out var error)
                    ? new Rabbit(options)
                    : throw new UsageException(Secrets.Hide(error)),
            "memory" => new Memory(new InMemoryBroker()),
            "sqlite" => throw new UsageException(
                "The broker sqlite:PATH is not part of this version; use amqp://, amqps:// or memory:."),
            _ => throw new UsageException(
                $"The broker '{Secrets.Hide(uri)}' is none of amqp://, amqps:// and memory:."),
        };
    }

    /// <summary>The transport to it.</summary>
    public ITransport Open(TransportContext context) => this switch
    {
        Rabbit rabbit => new RabbitTransport(rabbit.Options, context.Clock, context.Loggers, context.Random),
        Memory memory => new InMemoryTransport(memory.Broker),
        _ => throw new UnreachableException($"{this}"),
    };
}
