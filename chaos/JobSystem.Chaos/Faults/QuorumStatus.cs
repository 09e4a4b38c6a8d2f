using System.Globalization;
using System.Text.Json;

namespace JobSystem.Chaos.Faults;

/// <summary>
/// Who leads a quorum queue and who follows: what <c>rabbitmq-queues quorum_status --formatter json</c> says, 3.10 to
/// 4.3. Members that are down or cut off are of another state: <c>noconnection</c>, <c>unknown</c>, <c>noproc</c>.
/// </summary>
internal sealed record QuorumStatus(IReadOnlyList<QuorumMember> Members)
{
    /// <summary>Null: there is none now.</summary>
    public QuorumMember? Leader => Members.FirstOrDefault(member => member.State == "leader");

    public IReadOnlyList<QuorumMember> Followers => [.. Members.Where(member => member.State == "follower")];

    public bool IsWhole => Leader is not null && Followers.Count == Members.Count - 1;

    /// <exception cref="FaultException">There is no such queue, it is no quorum queue, or nobody says.</exception>
    public static async Task<QuorumStatus> OfAsync(FaultContext context, CancellationToken cancel)
    {
        try
        {
            return Parse(await context.ControlAnyAsync(
                ["rabbitmq-queues", "-q", "quorum_status", "--vhost", context.VirtualHost(), context.Queue,
                    "--formatter", "json"],
                cancel));
        }
        catch (Exception error) when (error is FormatException or Targets.TargetException)
        {
            throw new FaultException($"Who leads {context.Queue} is not known: {error.Message}", error);
        }
    }

    /// <exception cref="FormatException">It says something else.</exception>
    public static QuorumStatus Parse(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output[Math.Max(output.IndexOf('['), 0)..]);
            return new QuorumStatus(
            [
                .. json.RootElement.EnumerateArray().Select(row => new QuorumMember(
                    row.GetProperty("Node Name").GetString() ?? "", row.GetProperty("Raft State").GetString() ?? "")),
            ]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"This is no status of a quorum queue: {error.Message}", error);
        }
    }
}

/// <param name="Node">As Erlang names it: <c>rabbit@rabbit2</c>.</param>
/// <param name="State">Of its member: <c>leader</c>, <c>follower</c>, or why it is neither.</param>
internal sealed record QuorumMember(string Node, string State)
{
    /// <summary>The number of the node: that at the end of its name; of a single node it is 1.</summary>
    public int Number
    {
        get
        {
            var digits = Node.Length - Node.AsSpan().TrimEnd("0123456789").Length;
            return digits == 0 ? 1 : int.Parse(Node.AsSpan(Node.Length - digits), CultureInfo.InvariantCulture);
        }
    }
}
