using System.Text;
using JobSystem.Chaos.Reverting;

namespace JobSystem.Chaos.Faults;

/// <summary>What an operator tells the broker of a run: commands for its virtual host and its queue.</summary>
internal static class Operator
{
    // Of ours, so that what is there before is neither changed nor removed; the highest wins.
    private const string PolicyName = "chaos";
    private const string Priority = "1000";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>The virtual host of the run.</summary>
    public static string VirtualHost(this FaultContext context) =>
        Uri.UnescapeDataString(context.Target.Uris[0].AbsolutePath.TrimStart('/')) is { Length: > 0 } name ? name : "/";

    public static string NodeInWords(this FaultContext context, int node) =>
        context.Target.Nodes > 1 ? $"node {node}" : "the broker";

    /// <summary>A node for commands that any can take: the first that has taken one.</summary>
    /// <exception cref="Targets.TargetException">None takes it; the text is the last one's.</exception>
    public static async Task<string> ControlAnyAsync(
        this FaultContext context, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        for (var node = 1; ; node++)
        {
            try
            {
                return await context.Target.ControlAsync(node, arguments, cancel);
            }
            catch (Targets.TargetException) when (node < context.Target.Nodes)
            {
                // It may be down or cut off: the next one.
            }
        }
    }

    /// <summary>Puts a policy on the queue of the run, in place of any other.</summary>
    public static async Task SetPolicyAsync(this FaultContext context, string definition, CancellationToken cancel) =>
        await context.ControlAnyAsync(
            [
                "-q", "set_policy", "-p", context.VirtualHost(), PolicyName, PatternOf(context.Queue), definition,
                "--priority", Priority, "--apply-to", "queues",
            ],
            cancel);

    public static async Task ClearPolicyAsync(this FaultContext context, CancellationToken cancel) =>
        await context.ControlAnyAsync(ClearPolicy(context), cancel);

    public static Revert ClearPolicyRevert(this FaultContext context) =>
        context.Target.ControlToRevert(1, ClearPolicy(context), $"clear the policy on {context.Queue}");

    /// <summary>Waits until the queue says that our policy holds, or does not any more.</summary>
    public static Task<string> PolicySeenAsync(this FaultContext context, bool isThere, CancellationToken cancel) =>
        Evidence.SeenAsync(
        context.Clock,
        $"the queue {context.Queue} {(isThere ? "under" : "free of")} the policy",
        _patience,
        async late =>
        {
            var rows = await context.ControlAnyAsync(
                ["-q", "list_queues", "-p", context.VirtualHost(), "name", "policy", "--no-table-headers"], late);
            var holds = QueueRows.In(rows).Any(row => row is [var name, PolicyName] && name == context.Queue);
            return holds == isThere ? $"the policy {(holds ? "holds" : "is gone")} on {context.Queue}" : null;
        },
        cancel);

    /// <summary>Closes the connections of the virtual host; clients are told 320, with the reason.</summary>
    public static async Task CloseConnectionsAsync(
        this FaultContext context, string reason, CancellationToken cancel) =>
        await context.ControlAnyAsync(
            ["-q", "close_all_connections", "--vhost", context.VirtualHost(), reason], cancel);

    /// <summary>Text as an Erlang binary that needs no quoting.</summary>
    internal static string ErlangBinary(string text) => $"<<{string.Join(',', Encoding.UTF8.GetBytes(text))}>>";

    /// <summary>A policy's pattern that fits this name alone.</summary>
    internal static string PatternOf(string queue) =>
        $"^{string.Concat(queue.Select(letter => IsPlain(letter) ? $"{letter}" : $"\\{letter}"))}$";

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or > '\x7f';

    private static string[] ClearPolicy(FaultContext context) =>
        ["-q", "clear_policy", "-p", context.VirtualHost(), PolicyName];
}

/// <summary>Tables of <c>rabbitmqctl</c> without headers: a row a line, tabs between the columns. Pure.</summary>
internal static class QueueRows
{
    public static IEnumerable<string[]> In(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.TrimEnd('\r').Split('\t'));
}
