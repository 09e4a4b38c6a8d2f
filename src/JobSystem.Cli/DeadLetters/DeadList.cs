using JobSystem.Terminal.Brokers;
using JobSystem.Terminal.Output;

namespace JobSystem.Cli.DeadLetters;

/// <summary>Shows dead letters; changes nothing.</summary>
internal sealed class DeadList(DeadSettings settings, BrokerSession session, Screen screen, TimeProvider clock)
{
    private const int DefaultLimit = 100;
    private static readonly string[] _columns = ["ID", "TYPE", "REASON", "ATTEMPTS", "AGE", "ERROR"];

    public async Task<int> RunAsync()
    {
        await using var dead = await DeadQueue.OpenAsync(session, settings);
        var limit = settings.Limit ?? DefaultLimit;
        var now = clock.GetUtcNow();
        var table = new Table(_columns);
        var shown = 0;
        await foreach (var delivery in dead.TakeAsync())
        {
            await dead.PutBackAsync(delivery);
            if (!settings.Matches(delivery.Job, now))
            {
                continue;
            }

            if (shown++ == limit)
            {
                break;
            }

            if (settings.Json)
            {
                screen.Out.WriteLine(JsonLine.Of(DeadLetter.ToParts(delivery.Job)));
            }
            else
            {
                table.Add(DeadLetter.ToRow(delivery.Job, now));
            }
        }

        Conclude(table, shown, limit, dead.Count);
        return ExitCode.Done;
    }

    private void Conclude(Table table, int shown, int limit, long count)
    {
        if (table.Count > 0)
        {
            table.Write(screen);
        }

        if (shown > limit)
        {
            screen.Note($"The first {limit} of {count} dead letters; --limit N shows more.");
        }
        else if (shown == 0)
        {
            screen.Note(count == 0
                ? $"'{settings.Queue}' has no dead letters."
                : $"None of the {count} dead letters of '{settings.Queue}' matches.");
        }
    }
}
