using System.Text;
using JobSystem;
using JobSystem.Chaos;
using Xunit;

namespace JobChaos;

/// <summary>
/// Jobs are enqueued while workers are broken; at the end the lab judges by its ledger. Faults: `chaos faults` lists
/// them. On RabbitMQ, where the network can be broken, too: ChaosLab.StartAsync("amqp://...") and UseRabbitMq.
/// </summary>
public sealed class ChaosTests
{
    private const int Jobs = 300;

    [Theory]
    [InlineData("worker-kill")]
    [InlineData("worker-pause")]
    public async Task No_job_is_lost(string fault)
    {
        await using var lab = await ChaosLab.StartAsync(seed: 7);
        await using var first = new WorkerProcess("worker-1", lab);
        await using var second = new WorkerProcess("worker-2", lab);
        await using var sender = new JobSystemBuilder().UseSqlite(lab.BrokerFor("sender")).Start();
        var load = EnqueueAsync(lab, sender.Client);
        await Task.WhenAll(first.Working, second.Working).WaitAsync(TimeSpan.FromMinutes(2));

        await lab.BreakAsync(fault);            // injected, proven and healed when this returns
        await load;

        var report = await lab.JudgeAsync(stopWorkers: async () =>
        {
            await first.EndAsync();
            await second.EndAsync();
        });
        Assert.True(report.ExitCode == ChaosExitCode.Pass, $"{report.Verdict}\nsee {lab.Folder}/report.html");
        Assert.Equal(Jobs, report.Verdict.Tally.Confirmed);
    }

    internal static byte[] BodyOf(string id) => Encoding.UTF8.GetBytes($"the work of {id}");

    private static async Task EnqueueAsync(ChaosLab lab, JobClient client)
    {
        for (var number = 1; number <= Jobs; number++)
        {
            var id = new JobId($"job-{number}");
            var body = BodyOf(id.Value);
            lab.Intended(id, body);             // before the publish
            lab.Answered(await client.TryEnqueueAsync(body, new EnqueueOptions { Id = id, Queue = lab.Queue }));
        }
    }
}
