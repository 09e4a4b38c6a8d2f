using JobSystem.Terminal.Output;

namespace JobSystem.Terminal.Brokers;

/// <summary>What is said of a broker that cannot be used: who, why in its own words, what to check. Pure.</summary>
public static class BrokerWords
{
    private const string Cure = "Cure: ";
    private const string Tls = "TLS: ";

    /// <param name="broker">Without secrets.</param>
    /// <param name="reason">One that tells its own cure gets no further advice.</param>
    public static string Refused(string broker, string reason) =>
        reason.Contains(Cure, StringComparison.Ordinal) || reason.StartsWith(Tls, StringComparison.Ordinal)
            ? $"No access to {broker}: {Printable.Sentence(reason)}"
            : $"{broker} refused access: {Printable.Sentence(reason)} " +
                "Check user, password, virtual host and permissions.";

    /// <param name="broker">Without secrets.</param>
    /// <param name="within">In words; empty: one try.</param>
    /// <param name="reason">Null: it is not known.</param>
    public static string Unreachable(string broker, string within, string? reason) =>
        $"No connection to {broker}{within}{(reason is null ? "." : $": {Printable.Sentence(reason)}")} " +
        "Check that the broker runs there, and the host and port.";
}
