using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;
using JobSystem.Transports;

namespace JobSystem.Cli.Queues;

/// <summary>A work queue and those of its lanes that exist, as the broker tells them.</summary>
internal sealed record QueueView(IReadOnlyList<QueueInfo> Lanes)
{
    /// <summary>Null: there is neither the queue nor any of its lanes.</summary>
    public static async Task<QueueView?> ReadAsync(BrokerSession session, string queue)
    {
        var lanes = new List<QueueInfo>();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            var name = JobSystem.Lanes.NameOf(queue, lane);
            if (await session.CallAsync(session.Connection.InspectAsync(name)) is { } info)
            {
                lanes.Add(info);
            }
        }

        return lanes.Count == 0 ? null : new QueueView(lanes);
    }

    /// <summary>The same, and the queues that hold its delayed jobs.</summary>
    public static async Task<QueueView?> ReadWithDelaysAsync(BrokerSession session, string queue)
    {
        var lanes = (await ReadAsync(session, queue))?.Lanes.ToList() ?? [];
        foreach (var name in await session.CallAsync(session.Connection.DelayQueuesAsync(queue)))
        {
            if (await session.CallAsync(session.Connection.InspectAsync(name)) is { } info)
            {
                lanes.Add(info);
            }
        }

        return lanes.Count == 0 ? null : new QueueView(lanes);
    }

    /// <summary>Asked before they are deleted.</summary>
    public string Question(QueueSurvey survey)
    {
        var late = survey.Troubles.FirstOrDefault(static each => each.Late > 0);
        return $"Delete {string.Join(", ", Lanes.Select(lane => $"'{lane.Name}' ({lane.Ready} waiting)"))}" +
            (late is null ? "" : $", and {late.Late} more delayed jobs that wait past their time,") +
            " with all they hold?";
    }

    /// <param name="screen">Where to.</param>
    /// <param name="json">A line of JSON for each lane.</param>
    /// <param name="survey">What was seen of the queue beside the protocol.</param>
    public void Write(Screen screen, bool json, QueueSurvey survey)
    {
        if (json)
        {
            foreach (var lane in Lanes)
            {
                screen.Out.WriteLine(JsonLine.Of(
                    ("name", lane.Name), ("type", lane.Kind), ("durable", lane.Durable), ("ready", lane.Ready),
                    ("consumers", lane.Consumers), ("hazards", HazardsOf(lane, survey)),
                    ("blocked", BlockedOf(lane, survey)), ("policies_not_seen", survey.NotSeen)));
            }

            return;
        }

        var table = new Table("NAME", "TYPE", "DURABLE", "READY", "CONSUMERS");
        foreach (var lane in Lanes)
        {
            table.Add(lane.Name, lane.Kind ?? "?", lane.Durable switch { true => "yes", false => "no", _ => "?" },
                $"{lane.Ready}", $"{lane.Consumers}");
        }

        table.Write(screen);
        foreach (var lane in Lanes)
        {
            foreach (var hazard in HazardsOf(lane, survey))
            {
                screen.Out.WriteLine($"'{lane.Name}' can lose jobs: {Printable.Lines(hazard)}");
            }

            foreach (var sentence in BlockedOf(lane, survey))
            {
                screen.Out.WriteLine($"'{lane.Name}': {Printable.Lines(sentence)}");
            }
        }

        foreach (var step in survey.Troubles.Where(each => Lanes.All(lane => lane.Name != each.Queue)))
        {
            screen.Out.WriteLine($"'{step.Queue}' can lose jobs: {Printable.Lines(step.Text)}");
        }

        if (survey.NotSeen is { } why)
        {
            screen.Out.WriteLine($"Whether a policy drops jobs was not seen: {Printable.Lines(why)}");
        }
    }

    private static string[] HazardsOf(QueueInfo lane, QueueSurvey survey) =>
    [
        .. lane.Hazards,
        .. survey.Troubles
            .Where(each => each.Queue == lane.Name && each.Kind == QueueTroubleKind.Loss)
            .Select(static each => each.Text),
    ];

    private static string[] BlockedOf(QueueInfo lane, QueueSurvey survey) =>
    [
        .. survey.Troubles
            .Where(each => each.Queue == lane.Name && each.Kind != QueueTroubleKind.Loss)
            .Select(static each => each.Text)
            .DefaultIfEmpty(lane.Full)
            .OfType<string>(),
    ];
}
