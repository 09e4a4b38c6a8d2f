namespace JobSystem.Sqlite.TestHost;

/// <summary>
/// Enqueues jobs, each producer one at a time. Says <c>confirmed ID</c>, <c>rejected ID</c> or <c>unknown ID</c>
/// behind each answer, and <c>done</c> at the end.
/// </summary>
internal static class Producer
{
    public static async Task RunAsync(string file, string queue, int producers, int count)
    {
        await using var server = new JobSystemBuilder().UseSqlite(file).Start();
        var next = 0;
        var all = Task.WhenAll(Enumerable.Range(0, producers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) <= count)
            {
                var result = await server.Client.TryEnqueueAsync(
                    "payload"u8.ToArray(), new EnqueueOptions { Queue = queue });
                Program.Say(result switch
                {
                    EnqueueResult.Confirmed confirmed => $"confirmed {confirmed.Id}",
                    EnqueueResult.Rejected rejected => $"rejected {rejected.Id} {rejected.Reason}",
                    EnqueueResult.Unknown unknown => $"unknown {unknown.Id} {unknown.Reason}",
                    _ => $"{result}",
                });
            }
        }));
        await Task.WhenAny(all, EndOfInputAsync());
        Program.Say("done");
    }

    private static async Task EndOfInputAsync()
    {
        await foreach (var _ in Program.HearAsync())
        {
        }
    }
}
