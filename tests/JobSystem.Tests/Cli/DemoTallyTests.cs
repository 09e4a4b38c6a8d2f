using JobSystem.Cli.Demo;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class DemoTallyTests
{
    [Fact]
    public void What_was_confirmed_and_is_neither_done_nor_dead_is_missing()
    {
        var tally = new DemoTally();
        foreach (var id in new[] { "done", "twice", "dead", "lost", "half" })
        {
            tally.Confirm(id);
        }

        foreach (var line in new[]
        {
            "start done", "done done 00", "start twice", "start twice", "done twice 00", "done twice 00", "start dead",
            "start half", "start unconfirmed", "done unconfirmed 00", "torn", "",
        })
        {
            if (LedgerEntry.Parse(line) is { } entry)
            {
                tally.Count(entry);
            }
        }

        tally.Bury("dead");

        Assert.Equal((5, 2, 1, 1, 2),
            (tally.Confirmed, tally.Finished, tally.RunTwice, tally.DeadLetters, tally.Missing));
    }

    [Fact]
    public void A_ledger_is_followed_by_whole_lines_and_takes_none_after_its_end()
    {
        var folder = Directory.CreateTempSubdirectory("jobs-test-");
        var file = Path.Combine(folder.FullName, "ledger");
        var reader = new LedgerReader(file);
        Assert.Empty(reader.ReadNew());
        var ledger = new Ledger(file);
        ledger.Started("a");
        Assert.Equal([new LedgerEntry("a", false)], reader.ReadNew());
        File.AppendAllText(file, "done a 0");
        Assert.Empty(reader.ReadNew());
        File.AppendAllText(file, "0\n");
        Assert.Equal([new LedgerEntry("a", true)], reader.ReadNew());

        ledger.Dispose();
        ledger.Started("b");

        Assert.Empty(reader.ReadNew());
        folder.Delete(recursive: true);
    }
}
