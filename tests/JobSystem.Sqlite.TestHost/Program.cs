namespace JobSystem.Sqlite.TestHost;

/// <summary>
/// One process at a job file, told what to do by its arguments and by lines on its input, telling what it sees by
/// lines on its output. It ends with its input, so that it does not outlive the test.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["work", var file, var queue, var slots]:
                await Worker.RunAsync(file, queue, int.Parse(slots));
                return 0;
            case ["enqueue", var file, var queue, var producers, var count]:
                await Producer.RunAsync(file, queue, int.Parse(producers), int.Parse(count));
                return 0;
            case ["hold", var file, var queue, var prefetch, var lease]:
                await Holder.RunAsync(
                    new SqliteOptions { Path = file, Lease = TimeSpan.FromMilliseconds(int.Parse(lease)) },
                    queue, int.Parse(prefetch));
                return 0;
            default:
                Say("usage: work FILE QUEUE SLOTS | enqueue FILE QUEUE PRODUCERS COUNT | " +
                    "hold FILE QUEUE PREFETCH LEASE_MS");
                return 2;
        }
    }

    /// <summary>Writes a whole line at once: a killed process leaves no half of one.</summary>
    public static void Say(string line)
    {
        lock (typeof(Program))
        {
            Console.Out.Write(line + "\n");
        }
    }

    /// <summary>The lines of the input until its end. The console reads them only on a thread that waits.</summary>
    public static async IAsyncEnumerable<string> HearAsync()
    {
        while (await Task.Run(Console.In.ReadLine) is { } line)
        {
            yield return line;
        }
    }
}
