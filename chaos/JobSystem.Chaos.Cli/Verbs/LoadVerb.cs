using System.CommandLine;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Cli.Verbs;

/// <summary><c>chaos load</c>: puts a load on, measures it, and judges it like any other run.</summary>
internal static class LoadVerb
{
    public static Command Create()
    {
        var verb = new Command("load", "Generate load, measure latencies, and prove that no confirmed job is lost.")
        {
            Launch.Out, Launch.Junit, Launch.Json,
        };
        LoadArguments.AddTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            Open model: jobs are enqueued when they are due, whatever happened to earlier ones, and every latency is
            measured from the due time. A broker that stalls for ten seconds shows as ten seconds. RATE is

              500             jobs a second            500:1m            for a minute
              500-2000:2m     a ramp                   100:30s,200:30s   steps
              500+2000/10s:2m and 2000 more at once every 10 s           max   as fast as the window lets

            WORK and SIZE are fixed (5ms, 4KB) or drawn: exp(5ms), uniform(1s,3s), lognormal(20ms,200ms). Kinds of jobs
            built into --mix: none, short (5 ms), medium (100 ms), long (1 s), large (64 KB); --kind defines others.
            FILE is an experiment (chaos experiments lists those that ship); its load and faults apply where no
            option overrides them. --limit takes confirm, finished, delay (of the schedule itself),
            confirm-sent, finished-sent (from the actual enqueue), and p50, p99.9, max and so on.

            --soak is for long loads (ten minutes to a day): it watches memory, handles and threads of every process,
            connections, channels and memory of a broker that chaos started, and the latencies. A drift is a growth
            that is certain after the first 15 % and in the second half: memory by more than 5 % an hour and 16 MB (64
            MB for a broker), handles, threads, connections and channels by more than 10, finished p99 by more than
            10 % an hour and 20 ms. A drift is a missed threshold, and so is a process that ends by
            itself. Garbage is collected more often in a soak, so that memory shows what is really kept.

            A run that lost a confirmed job has failed (exit code 1), whatever its latencies; a missed limit ends with
            3. The run's folder has report.html, report.json, junit.xml, the ledger, and the histograms as
            .hgrm files.

            Examples:
              chaos load --rate 500:1m --limit confirm.p99=50ms
              chaos load --target 4.3 --rate 100-2000:2m --mix short:90,long:10 --queues 3 --workers 4
              chaos load --target 4.3 --rate 300:40s --fault "broker-pause at=10s for=10s"
              chaos load broker-restarts-small --rate 500:1m --arrivals poisson
              chaos load --target 4.3 --rate 200:8h --soak
              chaos load --target sink --rate 40000:20s --limit delay.p99=1ms
            """);
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var experiment = LoadArguments.Read(parsed);
        using var signals = new StopSignals(static _ => { });
        var line = $"load{LoadArguments.Spell(parsed)}";
        var (report, _) = await Launch.RunAsync(
            parsed, experiment, ExperimentArguments.SeedOf(parsed), line, signals.Token);
        Launch.WriteJunit(parsed, [report]);
        return report.ExitCode;
    }
}
