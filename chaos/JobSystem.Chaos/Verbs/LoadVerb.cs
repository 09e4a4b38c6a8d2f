using System.CommandLine;
using JobSystem.Cli.Processes;
using JobSystem.Cli.Verbs;

namespace JobSystem.Chaos.Verbs;

/// <summary><c>chaos load</c>: puts a load on, measures it, and judges it like any other run.</summary>
internal static class LoadVerb
{
    public static Command Create()
    {
        var verb = new Command("load", "Puts a load on, measures latencies, and proves that no confirmed job is lost.")
        {
            Launch.Out, Launch.Junit, Launch.Json,
        };
        LoadArguments.AddTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed));
        return verb.WithMore("""
            Jobs are enqueued when they are due, whatever became of those before, and every latency counts from the
            moment a job was due: a broker that stalls for ten seconds shows as ten seconds. RATE is

              500             jobs a second            500:1m            for a minute
              500-2000:2m     a ramp                   100:30s,200:30s   steps
              500+2000/10s:2m and 2000 more at once every 10 s           max   as fast as the window lets

            WORK and SIZE are fixed (5ms, 4KB) or drawn: exp(5ms), uniform(1s,3s), lognormal(20ms,200ms). Kinds of jobs
            that --mix knows by themselves: none, short (5 ms), medium (100 ms), long (1 s), large (64 KB); --kind says
            others. FILE is an experiment (chaos experiments lists those that ship) whose load and faults are taken
            where no option says otherwise. --limit takes confirm, finished, delay (of the schedule itself),
            confirm-sent, finished-sent (from the actual enqueue), and p50, p99.9, max and so on.

            --soak is for long loads (ten minutes to a day): it watches memory, handles and threads of every process,
            connections, channels and memory of a broker of ours, and the latencies. A drift is what surely grows
            after the first 15 % and still in the second half: memory by more than 5 % an hour and 16 MB (a broker's
            64 MB), handles, threads, connections and channels by more than 10, finished p99 by more than 10 % an hour
            and 20 ms. A drift, and a process that ends unasked, is missed like any limit. Garbage is collected more
            often then, so that memory shows what is kept.

            A run in which a confirmed job was lost has failed (1), whatever its latencies; a limit that is not kept
            ends with 3. The run's folder has report.html, report.json, junit.xml, the ledger, and the histograms as
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
