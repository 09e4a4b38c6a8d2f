using JobSystem.Terminal.Brokers;
using JobSystem.Transports;

namespace JobSystem.Cli.Doctor;

/// <summary>
/// Looks at a broker and at queues, and says what is wrong and how to cure it. Changes nothing that stays.
/// </summary>
/// <param name="session">For looking.</param>
/// <param name="publishing">Another one to the same broker, for publishes.</param>
internal sealed class Examination(
    BrokerSession session, BrokerSession publishing, TimeProvider clock, Random random)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(
        TimeSpan connectedIn, IReadOnlyList<string> queues, QueueSurvey? survey = null)
    {
        var findings = new List<Finding>
        {
            new("connect", Verdict.Good, FormattableString.Invariant(
                $"{session.Connection.Product ?? "the broker"} answered within {connectedIn.TotalMilliseconds:0} ms")),
            new("largest job", Verdict.Good, FormattableString.Invariant(
                $"{session.Connection.MaxBodyBytes / (1024.0 * 1024):0.#} MiB")),
        };
        findings.AddRange(await new RoundTrip(session, publishing, clock, random).RunAsync());
        foreach (var queue in queues)
        {
            findings.AddRange(await LookAtAsync(queue, survey ?? QueueSurvey.None));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> LookAtAsync(string queue, QueueSurvey survey)
    {
        var lanes = new List<(Lane Lane, QueueInfo Info)>();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (await session.CallAsync(session.Connection.InspectAsync(Lanes.NameOf(queue, lane))) is { } info)
            {
                lanes.Add((lane, info));
            }
        }

        return Judge(queue, lanes, survey);
    }

    /// <summary>What is to be said of a queue and those of its lanes that exist. Pure.</summary>
    public static IReadOnlyList<Finding> Judge(
        string queue, IReadOnlyList<(Lane Lane, QueueInfo Info)> lanes, QueueSurvey survey)
    {
        if (lanes.All(static lane => lane.Lane != Lane.Work))
        {
            return [Wrong($"There is no queue '{queue}': 'jobs queues declare {queue}' makes it.")];
        }

        var findings = lanes
            .SelectMany(lane => lane.Info.Hazards.Select(hazard => new Finding(lane.Info.Name, Verdict.Wrong, hazard)))
            .Concat(survey.Troubles
                .Where(each => each.WorkQueue == queue)
                .Select(static each => new Finding(each.Queue, VerdictOf(each.Kind), each.Text)))
            .ToList();
        var (_, work) = lanes.Single(static lane => lane.Lane == Lane.Work);
        if (findings.Count == 0 && survey.NotSeen is { } why)
        {
            // A policy can drop what no argument drops: what was not seen is not called safe.
            findings.Add(Note($"a {work.Kind} queue whose own arguments lose no job. Whether a policy does was not " +
                $"seen: {why}"));
        }
        else if (findings.Count == 0)
        {
            findings.Add(new Finding(queue, Verdict.Good, $"a {work.Kind} queue that loses no job"));
        }

        if (work.Full is { } full && survey.Troubles.All(each => each.Kind != QueueTroubleKind.Blocked))
        {
            findings.Add(Wrong(full));
        }

        if (work is { Ready: > 0, Consumers: 0 })
        {
            findings.Add(Note($"{work.Ready} jobs wait, and nobody works on them."));
        }

        var dead = lanes.FirstOrDefault(static lane => lane.Lane == Lane.Dead).Info;
        if (dead?.Ready > 0)
        {
            findings.Add(Note($"{dead.Ready} dead letters: 'jobs dead list --queue {queue}'."));
        }

        return findings;

        Finding Wrong(string text) => new(queue, Verdict.Wrong, text);

        Finding Note(string text) => new(queue, Verdict.Note, text);
    }

    private static Verdict VerdictOf(QueueTroubleKind kind) =>
        kind == QueueTroubleKind.Notice ? Verdict.Note : Verdict.Wrong;
}
