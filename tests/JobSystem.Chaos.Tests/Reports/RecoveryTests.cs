using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Verification.Histories;
using Xunit;
using static JobSystem.Chaos.Tests.Reports.HandMade;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>Each stage of the way back is measured on a history made for it.</summary>
public sealed class RecoveryTests
{
    private const double Precision = 0.0001;

    [Fact]
    public void A_killed_worker_goes_through_all_stages()
    {
        var fault = WorkerKill()
            .Enqueued(10.04, 2).Began(10.13, 1, "worker-2.1")
            .Enqueued(10.2, 3).Ran(10.25, 10.3, 2, "worker-2.1")
            .At(10.4, new HistoryEvent.EffectDone(Job(1), Run("worker-2.1", 2)))
            .OnlyFault();

        Assert.Equal((1, "worker-kill", "worker-1.1 (process 7)"), (fault.Fault, fault.Name, fault.Victim));
        Assert.Equal((10, 10.02, 10.05), (At(fault.InjectedAt), At(fault.HappenedAt), At(fault.HealedAt)));
        Assert.Equal("exit code 137", fault.Proof);
        Assert.Equal(0.03, At(fault.Detected), Precision);
        Assert.Equal(0.1, At(fault.Redelivery), Precision);
        Assert.Equal(0.15, At(fault.FirstConfirm), Precision);
        Assert.Equal(0.25, At(fault.FirstFinished), Precision);
        Assert.Equal(0.35, At(fault.BacklogDrained), Precision);
        Assert.Equal((1, 3), (fault.BacklogBefore, fault.BacklogPeak));
        Assert.True(fault.HadJobsInHand);
    }

    [Fact]
    public void A_job_begun_again_elsewhere_is_a_detection_too()
    {
        var fault = new HandMade().Workers("worker-1.1", "worker-2.1").Enqueued(1, 1).Began(2, 1, "worker-1.1")
            .Injected(10, 1, "worker-stop", "worker-1.1 for 20 s").Happened(10.1, 1, "worker-stop")
            .Began(17, 1, "worker-2.1").OnlyFault();

        Assert.Equal((7, 7), (At(fault.Detected), At(fault.Redelivery)));
    }

    [Fact]
    public void A_job_that_goes_on_where_it_is_is_no_redelivery()
    {
        var fault = WorkerKill().Enqueued(11, 2).Ran(11, 11.5, 2, "worker-2.1").OnlyFault();

        Assert.Null(fault.Redelivery);
        Assert.True(fault.HadJobsInHand);
        Assert.False(RecoveryBudget.Defaults[0].IsMetBy(fault));
    }

    [Fact]
    public void A_retry_of_a_job_that_failed_is_no_redelivery()
    {
        var fault = new HandMade().Workers("worker-1.1", "worker-2.1").Enqueued(1, 1).Began(2, 1, "worker-1.1")
            .Injected(10, 1, "worker-term", "worker-1.1")
            .At(10.1, new HistoryEvent.RunFailed(Job(1), Run("worker-1.1", 1), "thrown"))
            .Began(11, 1, "worker-2.1").OnlyFault();

        Assert.Null(fault.Redelivery);
    }

    [Fact]
    public void A_victim_with_nothing_in_hand_owes_no_redelivery()
    {
        var fault = new HandMade().Workers("worker-1.1").Injected(10, 1, "worker-kill", "worker-1.1")
            .At(10.1, new HistoryEvent.WorkerKilled("worker-1.1")).Happened(10.2, 1, "worker-kill").OnlyFault();

        Assert.False(fault.IsDue(RecoveryStage.Redelivery));
        Assert.Null(RecoveryBudget.Defaults[0].IsMetBy(fault));
    }

    [Fact]
    public void A_victim_that_finished_all_it_had_before_it_died_owes_no_redelivery()
    {
        var fault = new HandMade().Workers("worker-1.1", "worker-2.1").Enqueued(1, 1).Began(2, 1, "worker-1.1")
            .Injected(10, 1, "worker-kill", "worker-1.1")
            .At(10.1, new HistoryEvent.EffectDone(Job(1), Run("worker-1.1", 1)))
            .At(10.2, new HistoryEvent.WorkerKilled("worker-1.1")).Happened(10.3, 1, "worker-kill").OnlyFault();

        Assert.Null(RecoveryBudget.Defaults[0].IsMetBy(fault));
    }

    [Fact]
    public void A_job_killed_between_its_effect_and_its_ack_is_redelivered()
    {
        var fault = new HandMade().Workers("worker-1.1", "worker-2.1").Enqueued(1, 1)
            .Injected(10, 1, "effect-then-die", "worker-1.1").Ran(12, 12.1, 1, "worker-1.1")
            .At(12.2, new HistoryEvent.WorkerKilled("worker-1.1")).Ran(12.3, 12.4, 1, "worker-2.1").OnlyFault();

        Assert.Equal(0.1, At(fault.Redelivery), Precision);
        Assert.Equal(1, fault.Duplicated);
    }

    [Fact]
    public void A_broker_is_noticed_by_whoever_loses_its_connection()
    {
        var fault = Restart().At(10.3, new HistoryEvent.ConnectionLost("reset", "worker-2.1")).OnlyFault();

        Assert.Equal(0.3, At(fault.Detected), Precision);
    }

    [Fact]
    public void Of_a_workers_fault_the_connections_of_others_tell_nothing()
    {
        var fault = new HandMade().Workers("worker-1.1", "worker-2.1").Injected(10, 1, "worker-stop", "worker-1.1")
            .At(10.1, new HistoryEvent.ConnectionLost("reset", "worker-2.1"))
            .At(10.7, new HistoryEvent.ConnectionLost("reset", "worker-1.1")).OnlyFault();

        Assert.Equal(0.7, At(fault.Detected), Precision);
    }

    [Fact]
    public void What_is_seen_before_the_injection_is_no_detection()
    {
        var fault = new HandMade().At(9.9, new HistoryEvent.ConnectionLost("reset"))
            .Injected(10, 1, "broker-kill", "node 0").OnlyFault();

        Assert.Null(fault.Detected);
    }

    [Fact]
    public void A_confirm_before_the_healing_is_no_recovery()
    {
        var fault = Restart().Enqueued(13.9, 1).Enqueued(14.5, 2).OnlyFault();

        Assert.Equal(0.5, At(fault.FirstConfirm), Precision);
    }

    [Fact]
    public void A_run_that_went_on_all_through_is_no_recovery()
    {
        var fault = Restart().Enqueued(9, 1).Enqueued(14.2, 2)
            .Ran(9.5, 14.1, 1, "worker-1.1").Ran(14.3, 14.4, 2, "worker-1.1").OnlyFault();

        Assert.Equal(0.4, At(fault.FirstFinished), Precision);
    }

    [Fact]
    public void What_piled_up_at_the_clients_is_backlog()
    {
        var fault = Restart().Intended(11, 1).Intended(12, 2).Confirmed(14.1, 1).Confirmed(14.1, 2)
            .Ran(14.2, 14.3, 1, "worker-1.1").Ran(14.4, 14.9, 2, "worker-1.1").OnlyFault();

        Assert.Equal(0.9, At(fault.BacklogDrained), Precision);
        Assert.Equal((0, 2), (fault.BacklogBefore, fault.BacklogPeak));
    }

    [Fact]
    public void A_backlog_no_larger_than_before_is_drained_at_once() =>
        Assert.Equal(TimeSpan.Zero, Restart().OnlyFault().BacklogDrained);

    [Fact]
    public void A_stage_that_never_came_is_null()
    {
        var fault = new HandMade().Enqueued(1, 1).Injected(10, 1, "broker-kill", "node 0").Intended(11, 2).OnlyFault();

        Assert.All(Enum.GetValues<RecoveryStage>(), stage => Assert.Null(fault[stage]));
        Assert.Equal((null, null), (fault.HappenedAt, fault.HealedAt));
    }

    [Fact]
    public void Unknown_and_duplicated_jobs_belong_to_the_fault_they_fall_into()
    {
        var history = Restart().Enqueued(9, 1).Ran(9.5, 9.6, 1, "worker-1.1")
            .Intended(11, 2).At(12, new HistoryEvent.EnqueueUnknown(Job(2), "no answer"))
            .Ran(15, 15.1, 1, "worker-2.1")
            .At(30, new HistoryEvent.EnqueueUnknown(Job(2), "no answer")).Ran(31, 31.1, 1, "worker-2.1");

        Assert.Equal((1, 1), (history.OnlyFault().Unknown, history.OnlyFault().Duplicated));
    }

    [Fact]
    public void The_slowest_job_of_its_window_is_told()
    {
        var fault = Restart().Intended(10.5, 1).Confirmed(14.9, 1).Ran(14.9, 15, 1, "w").OnlyFault();

        Assert.Equal(4.5, At(fault.WorstLatency), Precision);
    }

    [Fact]
    public void Overlapping_faults_are_measured_each_alone()
    {
        var faults = Recovery.Of(Restart().Injected(12, 2, "worker-kill", "worker-1.1")
            .At(12.1, new HistoryEvent.WorkerKilled("worker-1.1")).Healed(12.2, 2).Enqueued(14.5, 1).Entries).Faults;

        Assert.Equal([1, 2], faults.Select(fault => fault.Fault));
        Assert.Equal(0.5, At(faults[0].FirstConfirm), Precision);
        Assert.Equal(2.3, At(faults[1].FirstConfirm), Precision);
        Assert.Equal(0.1, At(faults[1].Detected), Precision);
    }

    [Fact]
    public void What_failed_is_told_with_its_reason()
    {
        var fault = new HandMade().Injected(1, 1, "broker-kill", "node 0")
            .At(2, new HistoryEvent.FaultFailed(1, FaultStep.Prove, "it still answers")).OnlyFault();

        Assert.Equal(new FaultTrouble(FaultStep.Prove, "it still answers"), Assert.Single(fault.Troubles));
    }

    [Fact]
    public void A_fault_that_could_not_even_be_made_is_told_and_not_measured()
    {
        var history = new HandMade().At(2, new HistoryEvent.FaultFailed(3, FaultStep.Inject, "no worker is left"))
            .At(3, new HistoryEvent.ConnectionLost("reset")).Enqueued(4, 1);
        var fault = history.OnlyFault();

        Assert.Equal((3, "", null), (fault.Fault, fault.Name, fault.Detected));
        Assert.Empty(Recovery.Of(history.Entries).Summary);
        Assert.Equal(ChaosExitCode.NotInjected, history.Report().ExitCode);
    }

    [Fact]
    public void Faults_without_a_number_are_not_measured() => Assert.Empty(
        Recovery.Of(new HandMade().At(1, new HistoryEvent.FaultHappened("simulated")).Entries).Faults);

    [Fact]
    public void The_summary_has_median_p95_and_maximum_of_what_came()
    {
        var history = new HandMade();
        for (var fault = 1; fault <= 20; fault++)
        {
            history.Injected(fault * 100, fault, "broker-kill", "node 0").Happened(fault * 100, fault, "broker-kill")
                .At(fault * 100 + fault, new HistoryEvent.ConnectionLost("reset"));
        }

        history.Injected(9000, 21, "broker-kill", "node 0").Happened(9000, 21, "broker-kill")
            .Injected(9100, 22, "broker-kill", "node 0");
        var summary = Recovery.Of(history.Entries).Summary.Single(each => each.Stage == RecoveryStage.Detected);

        Assert.Equal((10, 19, 20), (At(summary.Median), At(summary.P95), At(summary.Max)));
        Assert.Equal((21, 20), (summary.Due, summary.Came));
    }

    private static HandMade WorkerKill() => new HandMade().Workers("worker-1.1", "worker-2.1")
        .Enqueued(9, 1).Began(9.9, 1, "worker-1.1")
        .Injected(10, 1, "worker-kill", "worker-1.1 (process 7)").Happened(10.02, 1, "worker-kill", "exit code 137")
        .At(10.03, new HistoryEvent.WorkerKilled("worker-1.1")).Healed(10.05, 1);

    private static HandMade Restart() => new HandMade().Workers("worker-1.1", "worker-2.1")
        .Injected(10, 1, "broker-restart", "node 0").Happened(10.2, 1, "broker-restart").Healed(14, 1);

    private static double At(TimeSpan? time) => time?.TotalSeconds ?? double.NaN;
}
