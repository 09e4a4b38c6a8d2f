using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>Reports that have something of everything.</summary>
internal static class Samples
{
    public const string Hostile = "</script><script>alert('x')</script><img src=x onerror=\"alert(1)\">&amp;";

    /// <summary>Nine of ten jobs are short.</summary>
    public static WorkloadPlan Mixed { get; } = new()
    {
        Mix =
        [
            JobClass.Usual with { Name = "short", Weight = 90 },
            JobClass.Usual with { Name = "long", Weight = 10, Work = Distribution.Exponential(1000) },
        ],
    };

    public static RunReport Everything() =>
        Whole().Report(new CheckOptions { Doubts = ["A file is damaged."] }, Mixed) with
    {
        Thresholds =
        [
            new ThresholdResult("confirm p99", "at most 250 ms", "300 ms", false),
            new ThresholdResult("backlog", "at most 10", "3", true),
            new ThresholdResult("silence", "at most 1 s", "nothing to measure", null),
        ],
        Notes = ["The clocks agree."],
    };

    public static RunReport Passing() => new HandMade().Workers("w1").Enqueued(0.1, 1).Ran(0.2, 0.3, 1, "w1")
        .At(1, new HistoryEvent.Drained(IsComplete: true)).Report();

    /// <summary>Every text that comes from others is an attack.</summary>
    public static RunReport Attacked()
    {
        var job = new JobId(Hostile);
        var run = new RunId(Hostile, 1);
        return new HandMade().Workers(Hostile)
            .At(0.1, new HistoryEvent.PhaseBegan(Hostile))
            .Sampled(0.1, Hostile, 60).Sampled(0.9, Hostile, 61)
            .At(0.2, new HistoryEvent.EnqueueIntended(job, 7))
            .At(0.3, new HistoryEvent.EnqueueRejected(job, Hostile))
            .At(0.4, new HistoryEvent.RunStarted(job, run, 8))
            .At(0.5, new HistoryEvent.RunFailed(job, run, Hostile))
            .At(0.6, new HistoryEvent.MessageStored(job, 0, Hostile))
            .At(0.7, new HistoryEvent.MessageAcked(job, 1, Hostile))
            .Injected(1, 1, Hostile, Hostile).Happened(1.1, 1, Hostile, Hostile)
            .At(1.2, new HistoryEvent.FaultFailed(1, FaultStep.Heal, Hostile))
            .At(2, new HistoryEvent.Drained(IsComplete: true))
            .Report(new CheckOptions { Doubts = [Hostile] }) with
        {
            Experiment = Hostile,
            About = Hostile,
            Seed = Hostile,
            RepeatLine = Hostile,
            Versions = Hostile,
            Machine = Hostile,
            Target = Hostile,
            Fleet = Hostile,
            Thresholds = [new ThresholdResult(Hostile, Hostile, Hostile, false)],
            Notes = [Hostile],
        };
    }

    /// <summary>1 finished, 2 lost, 3 rejected, 4 unknown, 5 dead, 6 destroyed, 7 stuck, 8 twice by cause.</summary>
    public static HandMade Whole() => new HandMade().Workers("w1", "w2")
        .At(0, new HistoryEvent.PhaseBegan("load"))
        .Sampled(0.1, "w1.1", 60).Sampled(1.1, "w1.1", 61, 1.5).Sampled(2.1, "w1.1", 62, 2)
        .Sampled(0.1, "producer-1.1", 50).Sampled(2.1, "producer-1.1", 50, 1.25)
        .At(1, new HistoryEvent.BrokerSampled(90_000_000, 3, 4)).At(2, new HistoryEvent.BrokerSampled(91_000_000, 3, 4))
        .At(1.5, new HistoryEvent.WorkerStarted("worker-9.2"))
        .Enqueued(0.1, 1).Began(1.9, 1, "w1")
        .Enqueued(0.1, 2)
        .Intended(0.1, 3).At(0.2, new HistoryEvent.EnqueueRejected(Job(3), "nacked"))
        .Intended(0.1, 4).At(0.9, new HistoryEvent.EnqueueUnknown(Job(4), "no answer"))
        .Enqueued(0.1, 5).Enqueued(0.1, 6).Enqueued(0.1, 7).Enqueued(0.1, 8)
        .Ran(1.4, 1.6, 8, "w1")
        .Injected(2, 1, "worker-kill", "w1").At(2.1, new HistoryEvent.WorkerKilled("w1"))
        .Happened(2.2, 1, "worker-kill", "exit code 137").Healed(2.3, 1)
        .Ran(2.5, 2.6, 1, "w2").Ran(2.5, 2.6, 8, "w2")
        .Injected(3, 2, "broker-kill", "node 0").At(3.1, new HistoryEvent.FaultFailed(2, FaultStep.Prove, "it answers"))
        .At(4, new HistoryEvent.Destroyed(Job(6), "a purge"))
        .At(5, new HistoryEvent.PhaseBegan("drain"))
        .At(6, new HistoryEvent.DeadLettered(Job(5), FailureReason.NotRetryable))
        .At(6, new HistoryEvent.StillQueued(Job(7), "jobs"))
        .At(7, new HistoryEvent.Drained(IsComplete: true));
}
