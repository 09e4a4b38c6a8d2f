using JobSystem.Benchmarks.Brokers;
using JobSystem.Benchmarks.Goals;
using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Recovery;

/// <summary>How soon work goes on after a worker or the broker died: read from reports of the chaos program.</summary>
internal sealed class RecoveryPart() : Part(
    "recovery", "worker killed, broker restarted and killed: how soon work goes on (two chaos runs)")
{
    private const string WorkerKills = "worker-kills-rabbitmq";
    private const string BrokerRestarts = "broker-restarts-small";

    public override async Task<Section> RunAsync(Bench bench)
    {
        // Somebody else's broker is not ours to kill: then one of ours is.
        var target = (await bench.BrokerAsync()).OwnName ?? await BrokerProcess.BestOfOursAsync(bench.Cancel);
        bench.Live.Step(WorkerKills);
        var workers = await ChaosRun.RunAsync(WorkerKills, target, bench.NewPath("chaos"), bench.Cancel);
        bench.Live.Step(BrokerRestarts);
        var brokers = await ChaosRun.RunAsync(BrokerRestarts, target, bench.NewPath("chaos"), bench.Cancel);
        var section = new Section("Recovery",
            $"From the reports of chaos run {WorkerKills} and {BrokerRestarts}, seed 7, on {target}: processes under " +
            "load, faults by SIGKILL or an orderly restart. A redelivery is counted from the worker's death, where " +
            "it had jobs in hand; confirms and finished jobs from the moment when the broker answers again.");
        var table = new TextTable("", "times", "median (min to max)");
        Add("worker killed: redelivery to another worker", Measure.RedeliverySeconds,
            workers.Where(fault => fault.Fault == "worker-kill").Select(fault => fault.Redelivery));
        var back = brokers.Where(fault => fault.Fault is "broker-restart" or "broker-kill").ToList();
        Add("broker back: first confirm", Measure.FirstConfirmSeconds, back.Select(fault => fault.FirstConfirm));
        Add("broker back: first finished job", Measure.FirstFinishedSeconds, back.Select(fault => fault.FirstFinished));
        section.Tables.Add(("faults", table));
        return section;

        void Add(string name, Measure measure, IEnumerable<double?> seconds)
        {
            var spread = section.Figures[measure] = new Spread(seconds.OfType<double>());
            table.Add(name, $"{spread.Count}", spread.Say(Words.Seconds));
        }
    }
}
