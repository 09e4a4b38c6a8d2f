using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Histories;

/// <summary>A job that is finished and whose message is still in its queue would run again.</summary>
public sealed class UnackedTests
{
    private const ulong Hash = 7;

    private static readonly JobId _job = new("one");
    private static readonly RunId _run = new("worker-1.1", 1);

    private static readonly HistoryEvent[] _finished =
    [
        new HistoryEvent.EnqueueIntended(_job, Hash), new HistoryEvent.EnqueueConfirmed(_job),
        new HistoryEvent.RunStarted(_job, _run, Hash), new HistoryEvent.EffectDone(_job, _run),
    ];

    private static readonly HistoryEvent[] _leftOver =
        [new HistoryEvent.StillQueued(_job, "chaos"), new HistoryEvent.Drained(IsComplete: true)];

    [Fact]
    public void A_finished_job_whose_message_was_never_acked_fails()
    {
        var verdict = Check([.. _finished, .. _leftOver]);

        Assert.Equal([FindingKind.Unacked], verdict.Kinds);
        Assert.Equal((VerdictKind.Fail, 1), (verdict.Kind, verdict.Tally.Finished));
    }

    [Fact]
    public void What_happened_before_the_enqueue_explains_no_missing_ack() => Assert.Equal(
        [FindingKind.Unacked], Check([new HistoryEvent.WorkerKilled("worker-1.0"), .. _finished, .. _leftOver]).Kinds);

    [Fact]
    public void A_worker_that_was_killed_before_its_ack_explains_the_message() => Assert.Equal(
        VerdictKind.Pass, Check([.. _finished, new HistoryEvent.WorkerKilled("worker-1.1"), .. _leftOver]).Kind);

    [Fact]
    public void A_fault_that_was_under_way_explains_the_message() => Assert.Equal(
        VerdictKind.Pass,
        Check(
        [
            new HistoryEvent.FaultInjected(1, "ack-swallow", "worker-1.1"), .. _finished,
            new HistoryEvent.FaultHealed(1), .. _leftOver,
        ]).Kind);

    [Fact]
    public void Where_nothing_may_explain_a_second_run_nothing_explains_a_missing_ack() => Assert.Equal(
        [FindingKind.Unacked],
        Check(
            [.. _finished, new HistoryEvent.WorkerKilled("worker-1.1"), .. _leftOver],
            new CheckOptions { FaultsExplainDuplicates = false }).Kinds);

    private static Verdict Check(HistoryEvent[] events, CheckOptions? options = null)
    {
        var history = new JobHistory(TimeProvider.System);
        Array.ForEach(events, history.Add);
        return HistoryChecker.Check(history.Entries, options);
    }
}
