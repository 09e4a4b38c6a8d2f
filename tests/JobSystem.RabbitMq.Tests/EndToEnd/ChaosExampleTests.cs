using JobSystem.Chaos;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.RabbitMq.Tests.Brokers;
using Xunit;

namespace JobSystem.RabbitMq.Tests.EndToEnd;

/// <summary>
/// The example of chaos as a library, as somebody would write it around a worker and a client of their own: start a
/// lab, run your code on its broker, break things meanwhile, assert on the report.
/// </summary>
public sealed class ChaosExampleTests
{
    [Theory]
    [MemberData(nameof(BrokerUnderTest.Kinds), MemberType = typeof(BrokerUnderTest))]
    public async Task No_job_is_lost_while_the_network_breaks(string kind)
    {
        await using var lab = await ChaosLab.StartAsync(kind, seed: 7);
        var runs = 0L;

        // The code under test: its handler tells the lab what it begins and what it has done, before it returns.
        await using var server = new JobSystemBuilder()
            .UseRabbitMq(lab.BrokerFor("app"))
            .AddQueue(lab.Queue, queue => queue.Concurrency(8).Handle((job, _) =>
            {
                var run = new RunId("app", Interlocked.Increment(ref runs));
                lab.Began(job.Id, run, job.Body.Span);
                lab.Done(job.Id, run);
                return Task.CompletedTask;
            }))
            .Start();
        await server.Ready;

        // The load, and what is broken meanwhile: each fault is proven and healed when its call returns.
        var load = EnqueueAsync(lab, server.Client, count: 500);
        await lab.BreakAsync("net-reset", ("who", "any"));
        await lab.BreakAsync("net-stall", ("who", "any"), ("for", "1s"));
        await load;

        // The judgement: every confirmed job is finished, or the report says which one is not, and why.
        var report = await lab.JudgeAsync(stopWorkers: () => server.DrainAsync());
        Assert.True(report.ExitCode == ChaosExitCode.Pass, $"{report.Verdict}\nsee {lab.Folder}/report.html");
        Assert.True(report.Verdict.Tally.Confirmed > 0);
    }

    private static async Task EnqueueAsync(ChaosLab lab, JobClient client, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var (id, body) = (new JobId($"job-{number}"), "what is to be done"u8.ToArray());
            lab.Intended(id, body);
            lab.Answered(await client.TryEnqueueAsync(
                body, new EnqueueOptions { Id = id, Queue = lab.Queue }, CancellationToken.None));
        }
    }
}
