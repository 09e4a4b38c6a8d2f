using JobSystem.Cli.Output;

namespace JobSystem.Cli.Brokers;

/// <summary>What is said of a broker that cannot be used: who, why in its own words, what to check. Pure.</summary>
internal static class BrokerWords
{
    public static string Refused(string broker, string reason) =>
        $"{broker} refused access: {Printable.Sentence(reason)} Check user, password, virtual host and permissions.";

    /// <param name="broker">Without secrets.</param>
    /// <param name="within">In words; empty: one try.</param>
    /// <param name="reason">Null: it is not known.</param>
    public static string Unreachable(string broker, string within, string? reason) =>
        $"No connection to {broker}{within}{(reason is null ? "." : $": {Printable.Sentence(reason)}")} " +
        "Check that the broker runs there, and the host and port.";
}
