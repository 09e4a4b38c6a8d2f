using System.Text.Json;
using JobSystem;
using JobSystem.Chaos;
using Xunit;

namespace ConsoleWorker.Tests;

/// <summary>
/// The whole worker as its users start it, killed while it runs jobs. On the embedded broker, so that it runs
/// anywhere; the same test on RabbitMQ: <c>ChaosLab.StartAsync("amqp://...")</c> and <c>UseRabbitMq</c>.
/// </summary>
public sealed class WorkerKillTests
{
    [Fact]
    public async Task No_greeting_is_lost_when_a_worker_is_killed()
    {
        await using var lab = await ChaosLab.StartAsync(seed: 7);
        var jobs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var number = 1; number <= 200; number++)
        {
            jobs[$"greeting-{number}"] =
                JsonSerializer.SerializeToUtf8Bytes(new Greet($"guest {number}"), JsonSerializerOptions.Web);
        }

        await using var first = WorkerProcess.Start("worker-1", lab, jobs);
        await using var second = WorkerProcess.Start("worker-2", lab, jobs);
        await using var sender = new JobSystemBuilder().UseSqlite(lab.BrokerFor("sender")).Start();
        var load = EnqueueAsync(lab, sender.Client, jobs);
        await Task.WhenAll(first.Working, second.Working).WaitAsync(TimeSpan.FromMinutes(2));

        await lab.BreakAsync("worker-kill");
        await using var third = WorkerProcess.Start("worker-3", lab, jobs);
        await load;

        var report = await lab.JudgeAsync(stopWorkers: async () =>
        {
            await first.EndAsync();
            await second.EndAsync();
            await third.EndAsync();
        });
        Assert.True(report.ExitCode == ChaosExitCode.Pass, $"{report.Verdict}\nsee {lab.Folder}/report.html");
        Assert.Equal(jobs.Count, report.Verdict.Tally.Confirmed);
    }

    private static async Task EnqueueAsync(ChaosLab lab, JobClient client, Dictionary<string, byte[]> jobs)
    {
        foreach (var (name, body) in jobs)
        {
            var id = new JobId(name);
            lab.Intended(id, body);
            lab.Answered(await client.TryEnqueueAsync(
                body, new EnqueueOptions { Id = id, Queue = lab.Queue, Type = "greet" }));
        }
    }
}
