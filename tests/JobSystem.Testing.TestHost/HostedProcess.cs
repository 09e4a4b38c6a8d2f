using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Processing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobSystem.Testing.TestHost;

/// <summary>
/// A .NET host with a job system and one job, for the tests of signals and exit codes. It says <c>started</c> when the
/// job runs. <c>obey</c>: the job ends with its token; <c>ignore</c>: it never ends; <c>crash</c>: the monitor fails at
/// each message, until the tree ends.
/// </summary>
internal static class HostedProcess
{
    public static async Task<int> RunAsync(string conduct)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddJobSystem(jobs =>
        {
            jobs.UseInMemory()
                .Configure(options => options with
                {
                    DrainTimeout = TimeSpan.FromSeconds(1), CancelGrace = TimeSpan.FromSeconds(1),
                })
                .AddQueue("work", queue => queue.Handle(async (_, cancellationToken) =>
                {
                    Console.WriteLine("started");
                    await new TaskCompletionSource().Task.WaitAsync(
                        conduct == "ignore" ? CancellationToken.None : cancellationToken);
                }));
            if (conduct == "crash")
            {
                jobs.UseActorFaults(new MonitorFails());
            }
        });
        using var host = builder.Build();
        await host.StartAsync();
        if (conduct != "crash")
        {
            await host.Services.GetRequiredService<JobClient>().TryEnqueueAsync(
                default, new EnqueueOptions { Queue = "work" });
        }

        await host.WaitForShutdownAsync();
        return Environment.ExitCode;
    }

    private sealed class MonitorFails : IActorFaults
    {
        public void BeforeReceive(Type actor)
        {
            if (actor == typeof(MonitorActor))
            {
                throw new InvalidOperationException("It fails, as the test says.");
            }
        }

        public Directive Decide(ActorPath child, Directive rule) => rule;
    }
}
