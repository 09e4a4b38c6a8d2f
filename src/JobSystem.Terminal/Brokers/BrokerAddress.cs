using System.Diagnostics;
using JobSystem.RabbitMq;
using JobSystem.Sqlite;
using JobSystem.Terminal.Arguments;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;

namespace JobSystem.Terminal.Brokers;

/// <summary>Which broker the user means. A closed set; made from a URI, shown without its password.</summary>
public abstract record BrokerAddress
{
    /// <summary>Where the URI comes from when the option is not given.</summary>
    public const string Variable = "JOBS_BROKER";

    /// <summary>The broker when neither the option nor the variable says one: nothing to install.</summary>
    public const string Default = "sqlite:jobs.db";

    private BrokerAddress()
    {
    }

    public sealed record Rabbit(RabbitOptions Options) : BrokerAddress
    {
        public override string ToString() => Options.ToString();
    }

    /// <summary>A file on this machine, shared by its processes.</summary>
    public sealed record File(string Path) : BrokerAddress
    {
        public override string ToString() => $"sqlite:{Path}";
    }

    /// <summary>A broker in this process; its jobs end with it.</summary>
    public sealed record Memory(InMemoryBroker Broker) : BrokerAddress
    {
        public override string ToString() => "memory:";
    }

    /// <param name="option">The value of <c>--broker</c>; null: not given.</param>
    /// <param name="variable">The value of <see cref="Variable"/>; null or empty: not set.</param>
    /// <exception cref="UsageException">It is malformed: one line without secrets.</exception>
    public static BrokerAddress Choose(string? option, string? variable)
    {
        var uri = option ?? (string.IsNullOrEmpty(variable) ? Default : variable);
        return Parse(uri);
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
            "sqlite" => uri.Split(':', 2) is [_, { Length: > 0 } path]
                ? new File(path)
                : throw new UsageException("The broker sqlite: needs a file: sqlite:jobs.db."),
            _ => throw new UsageException(
                $"The broker '{Secrets.Hide(uri)}' is none of amqp://, amqps://, sqlite: and memory:."),
        };
    }

    /// <summary>The transport to it.</summary>
    public ITransport Open(TransportContext context) => this switch
    {
        Rabbit rabbit => new RabbitTransport(
            rabbit.Options, context.TimeProvider, context.LoggerFactory, context.Random),
        File file => new SqliteTransport(
            new SqliteOptions { Path = file.Path }, context.TimeProvider, context.LoggerFactory, context.Random),
        Memory memory => new InMemoryTransport(memory.Broker),
        _ => throw new UnreachableException($"{this}"),
    };
}
