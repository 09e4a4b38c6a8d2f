using JobSystem.Terminal.Output;

namespace JobSystem.Cli.Queues;

/// <summary>The list of queues as a person or a program reads it.</summary>
internal sealed class QueueList(IReadOnlyList<QueueRow> rows)
{
    public void Write(Screen screen, bool json)
    {
        if (json)
        {
            foreach (var (queue, quarantined, dead) in rows)
            {
                screen.Out.WriteLine(JsonLine.Of(
                    ("name", queue.Name), ("type", queue.Kind), ("durable", queue.Durable),
                    ("ready", queue.Ready), ("unacked", queue.Unacked), ("quarantined", quarantined), ("dead", dead),
                    ("consumers", queue.Consumers)));
            }

            return;
        }

        if (rows.Count == 0)
        {
            screen.Note("There are no queues.");
            return;
        }

        var table = new Table("NAME", "TYPE", "DURABLE", "READY", "UNACKED", "QUARANTINE", "DEAD", "CONSUMERS");
        foreach (var (queue, quarantined, dead) in rows)
        {
            table.Add(queue.Name, queue.Kind, queue.Durable ? "yes" : "no", $"{queue.Ready}",
                queue.Unacked is null ? "-" : $"{queue.Unacked}",
                $"{quarantined}", dead is null ? "-" : $"{dead}", $"{queue.Consumers}");
        }

        table.Write(screen);
    }
}
