using JobSystem.Terminal.Arguments;

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

    /// <summary>Null: there is such a target. Else what is wrong, for people. Pure.</summary>
    public static string? Problem(string name) =>
        Names.Contains(name, StringComparer.Ordinal) || UriOf(name) is not null
        ? null
        : $"there is no target '{Secrets.Hide(name)}'{Texts.NearestWord.Hint(name, Names)}: it is one of "
            + $"{string.Join(", ", Names)}, or a broker's amqp:// URI";

    /// <summary>How many nodes a target has. Pure.</summary>
    public static int NodesOf(string name) =>
        Array.Find(_ours, kind => kind.Name == name) is { Name: not null } ours ? ours.Nodes : 1;

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
            _ => UriOf(name) is { } uri
                ? new ExternalTarget(uri, clock)
                : throw new TargetException($"T{Problem(name)![1..]}."),
        };
    }

    private static Uri? UriOf(string name) =>
        Uri.TryCreate(name, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" ? uri : null;
}
