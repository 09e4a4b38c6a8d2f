using System.CommandLine;
using JobSystem.Cli.Arguments;
using JobSystem.Cli.Brokers;

namespace JobSystem.Cli.Verbs;

/// <summary>The options that mean the same wherever they appear.</summary>
internal static class CommonOptions
{
    public static Option<string?> Broker() => Options.Text("--broker",
        $"amqp://user:password@host:5672/vhost, amqps://...?ca=FILE&cert=FILE&key=FILE, sqlite:FILE or memory:. " +
        $"Default: ${BrokerAddress.Variable}, or {BrokerAddress.Default}.", "URI");

    public static Option<bool> Json() => Options.Flag("--json", "One JSON object per line, for programs.");

    public static Option<bool> Verbose() => Options.Flag("--verbose", "Log details, too.", "-v");

    public static Option<bool> Yes() => Options.Flag("--yes", "Do not ask.", "-y");

    public static Option<string?> Queue() => Options.Text("--queue", "The queue.", "NAME");

    public static Option<TimeSpan?> ConnectTimeout(string otherwise) => Options.Duration("--connect-timeout",
        $"Give up with exit code 3 when the broker cannot be reached for T. Default: {otherwise}.");

    /// <exception cref="UsageException">There is no broker, or it is malformed.</exception>
    public static BrokerAddress BrokerOf(ParseResult parsed, Option<string?> option) => BrokerAddress.Choose(
        parsed.GetValue(option), Environment.GetEnvironmentVariable(BrokerAddress.Variable));

    /// <exception cref="UsageException">It was not given, or is not the name of a queue.</exception>
    public static string QueueOf(ParseResult parsed, Option<string?> option) =>
        QueueName(parsed.GetValue(option) ?? throw new UsageException("--queue NAME is missing."));

    /// <exception cref="UsageException">It is not the name of a queue.</exception>
    public static string QueueName(string name) =>
        name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > LongestName || name.Any(char.IsControl)
            ? throw new UsageException($"The name of a queue has 1 to {LongestName} bytes and no control characters.")
            : name;

    // An AMQP name holds 255 bytes; the lanes' names are longer by a suffix.
    private const int LongestName = 255 - 9;
}
