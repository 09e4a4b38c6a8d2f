using System.CommandLine;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Scaling;
using JobSystem.Cli;

namespace JobSystem.Benchmarks.Verbs;

/// <summary><c>work</c>, hidden: this program as one of several workers.</summary>
internal static class WorkVerb
{
    public static Command Create()
    {
        var verb = new Command("work", "A worker process of the part scaling.") { Hidden = true };
        verb.SetAction(async (_, _) =>
        {
            await new WorkerProcess(Environment.GetEnvironmentVariable(OurProgram.BrokerVariable)!).RunAsync();
            return ExitCode.Done;
        });
        return verb;
    }
}
