using System.Reflection;
using Microsoft.Data.Sqlite;

namespace JobSystem.Benchmarks.Recording;

/// <summary>Of everything that is measured.</summary>
internal static class Versions
{
    private const int CommitLength = 10;

    /// <summary>In one line.</summary>
    public static string Describe() => string.Join(", ",
        Ours(),
        $"RabbitMQ.Client {Of(typeof(RabbitMQ.Client.IChannel))[0]}",
        $"MassTransit {Of(typeof(MassTransit.IBus))[0]}",
        $"Wolverine {Of(typeof(Wolverine.IMessageBus))[0]}",
        $"SQLite {Sqlite()}");

    // The compiler puts the commit behind the version.
    private static string Ours() => Of(typeof(JobHost)) is [var version, { Length: >= CommitLength } commit]
        ? $"JobSystem {version} (commit {commit[..CommitLength]})"
        : $"JobSystem {Of(typeof(JobHost))[0]}";

    private static string[] Of(Type type) => type.Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');

    private static string Sqlite()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}
