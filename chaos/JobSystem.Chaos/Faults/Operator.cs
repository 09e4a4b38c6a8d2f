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
    public static string VirtualHost(this FaultContext lab) =>
        Uri.UnescapeDataString(lab.Target.Uris[0].AbsolutePath.TrimStart('/')) is { Length: > 0 } name ? name : "/";

    public static string NodeInWords(this FaultContext lab, int node) =>
        lab.Target.Nodes > 1 ? $"node {node}" : "the broker";

    /// <summary>A node for commands that any can take: the first that has taken one.</summary>
    /// <exception cref="Targets.TargetException">None takes it; the text is the last one's.</exception>
    public static async Task<string> ControlAnyAsync(
        this FaultContext lab, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        for (var node = 1; ; node++)
        {
            try
            {
                return await lab.Target.ControlAsync(node, arguments, cancel);
            }
            catch (Targets.TargetException) when (node < lab.Target.Nodes)
            {
                // It may be down or cut off: the next one.
            }
        }
    }

    /// <summary>Puts a policy on the queue of the run, in place of any other.</summary>
    public static async Task SetPolicyAsync(this FaultContext lab, string definition, CancellationToken cancel) =>
        await lab.ControlAnyAsync(
            [
                "-q", "set_policy", "-p", lab.VirtualHost(), PolicyName, PatternOf(lab.Queue), definition,
                "--priority", Priority, "--apply-to", "queues",
            ],
            cancel);

    public static async Task ClearPolicyAsync(this FaultContext lab, CancellationToken cancel) =>
        await lab.ControlAnyAsync(ClearPolicy(lab), cancel);

    public static Revert ClearPolicyRevert(this FaultContext lab) =>
        lab.Target.ControlToRevert(1, ClearPolicy(lab), $"clear the policy on {lab.Queue}");

    /// <summary>Waits until the queue says that our policy holds, or does not any more.</summary>
    public static Task<string> PolicySeenAsync(this FaultContext lab, bool isThere, CancellationToken cancel) =>
        Evidence.SeenAsync(
        lab.Clock,
        $"the queue {lab.Queue} {(isThere ? "under" : "free of")} the policy",
        _patience,
        async late =>
        {
            var rows = await lab.ControlAnyAsync(
                ["-q", "list_queues", "-p", lab.VirtualHost(), "name", "policy", "--no-table-headers"], late);
            var holds = QueueRows.In(rows).Any(row => row is [var name, PolicyName] && name == lab.Queue);
            return holds == isThere ? $"the policy {(holds ? "holds" : "is gone")} on {lab.Queue}" : null;
        },
        cancel);

    /// <summary>Closes the connections of the virtual host; clients are told 320, with the reason.</summary>
    public static async Task CloseConnectionsAsync(this FaultContext lab, string reason, CancellationToken cancel) =>
        await lab.ControlAnyAsync(["-q", "close_all_connections", "--vhost", lab.VirtualHost(), reason], cancel);

    /// <summary>Text as an Erlang binary that needs no quoting.</summary>
    internal static string ErlangBinary(string text) => $"<<{string.Join(',', Encoding.UTF8.GetBytes(text))}>>";

    /// <summary>A policy's pattern that fits this name alone.</summary>
    internal static string PatternOf(string queue) =>
        $"^{string.Concat(queue.Select(letter => IsPlain(letter) ? $"{letter}" : $"\\{letter}"))}$";

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or > '\x7f';

    private static string[] ClearPolicy(FaultContext lab) =>
        ["-q", "clear_policy", "-p", lab.VirtualHost(), PolicyName];
}

/// <summary>Tables of <c>rabbitmqctl</c> without headers: a row a line, tabs between the columns. Pure.</summary>
internal static class QueueRows
{
    public static IEnumerable<string[]> In(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.TrimEnd('\r').Split('\t'));
}
