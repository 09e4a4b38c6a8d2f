using JobSystem.Cli.Arguments;

namespace JobSystem.Chaos.Targets;

/// <summary>The brokers a run can be told to break, by the name an experiment gives.</summary>
public static class TargetCatalog
{
    private static readonly (string Name, string What, int Nodes)[] _ours =
    [
        ("compose", "the container of docker-compose.yml", 1),
        ("plain", "a rabbitmq-server process", 1),
        ("4.0", "a container", 1),
        ("4.3", "a container", 1),
        ("cluster", "three containers, joined", 3),
    ];

    /// <summary>Those that every fault can be tried on.</summary>
    public static IReadOnlyList<string> OurBrokers { get; } = [.. _ours.Select(kind => kind.Name)];

    /// <summary>All names; an <c>amqp://</c> or <c>amqps://</c> URI is one, too.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OurBrokers, "sqlite", SinkTarget.Word];

    /// <param name="name">One of <see cref="Names"/>, or the URI of somebody else's broker.</param>
    /// <param name="folder">The run's: where an embedded broker's file lies.</param>
    /// <param name="clock">For deadlines; the system's by default.</param>
    /// <exception cref="TargetException">There is no such target, or none can be had from here.</exception>
    public static ITarget Create(string name, string folder, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        if (Array.Find(_ours, kind => kind.Name == name) is { Name: not null } ours)
        {
            var script = new BrokerScript(name, AppContext.BaseDirectory, clock);
            return new ScriptTarget(name, ours.What, script, ours.Nodes, clock);
        }

        return name switch
        {
            "sqlite" => new SqliteTarget(folder),
            SinkTarget.Word => new SinkTarget(),
            _ when Uri.TryCreate(name, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" =>
                new ExternalTarget(uri, clock),
            _ => throw new TargetException($"There is no target '{Secrets.Hide(name)}': it is one of "
                + $"{string.Join(", ", Names)}, or a broker's amqp:// URI."),
        };
    }
}
