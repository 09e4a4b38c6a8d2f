namespace JobSystem.Sqlite.TestHost;

/// <summary>
/// Runs the jobs of a queue with the whole engine. Says <c>ready</c>, and <c>ran ID</c> at the end of each run;
/// hears <c>drain</c>.
/// </summary>
internal static class Worker
{
    public static async Task RunAsync(string file, string queue, int slots)
    {
        await using var server = new JobSystemBuilder()
            .UseSqlite(file)
            .AddQueue(queue, each => each.Concurrency(slots).Handle((context, _) =>
            {
                Program.Say($"ran {context.Id}");
                return Task.CompletedTask;
            }))
            .Start();
        await server.Ready;
        Program.Say("ready");
        await foreach (var line in Program.HearAsync())
        {
            if (line == "drain")
            {
                var report = await server.DrainAsync();
                Program.Say($"drained {report.IsComplete}");
                return;
            }
        }
    }
}
