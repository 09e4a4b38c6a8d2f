using System.Text.RegularExpressions;

namespace JobSystem.RabbitMq;

/// <summary>A user may not do something: which permission is missing, for what, and who can give it. Pure.</summary>
internal static partial class MissingPermission
{
    /// <summary>What a call of AMQP 0-9-1 needs, by its numbers; null: several, or none.</summary>
    public static string? Of(ushort classId, ushort methodId) => (classId, methodId) switch
    {
        (40, 10 or 20) or (50, 10 or 40) => "configure", // declare and delete
        (60, 40) => "write", // publish
        (60, 20 or 70) or (50, 30) => "read", // consume, get, purge
        _ => null,
    };

    /// <summary>A sentence to follow the broker's own; empty: it is not about a permission.</summary>
    /// <param name="text">The broker's.</param>
    /// <param name="permission">As the call needs it, where the broker does not name it.</param>
    public static string CureOf(string text, string? permission)
    {
        var match = Refusal().Match(text);
        if (!match.Success)
        {
            return "";
        }

        var (kind, name) = (match.Groups["kind"].Value, match.Groups["name"].Value);
        return (match.Groups["which"].Success ? match.Groups["which"].Value : permission) switch
        {
            "configure" => $" The permission 'configure' is missing to declare or delete the {kind} '{name}'. Cure: " +
                "an administrator declares it once ('jobs queues declare', or a job that is delayed as long), or " +
                "grants it (rabbitmqctl set_permissions).",
            "write" => $" The permission 'write' is missing to publish or bind to the {kind} '{name}'. " + Grant,
            "read" => $" The permission 'read' is missing to consume, look at or bind the {kind} '{name}'. " + Grant,
            _ => $" A permission on the {kind} '{name}' is missing. " + Grant,
        };
    }

    private const string Grant = "Cure: grant it (rabbitmqctl set_permissions).";

    [GeneratedRegex("((?<which>configure|write|read) )?access to (?<kind>queue|exchange) '(?<name>[^']*)'.* refused")]
    private static partial Regex Refusal();
}
