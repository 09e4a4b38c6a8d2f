using JobSystem.Chaos.Reports;
using Xunit;

namespace JobSystem.Chaos.Tests.Reports;

/// <summary>A budget is for every single fault: one that is slower misses it.</summary>
public sealed class RecoveryBudgetTests
{
    private static readonly RecoveryBudget _budget =
        new("broker-*", RecoveryStage.FirstConfirm, TimeSpan.FromSeconds(1));

    [Fact]
    public void Every_fault_within_the_limit_meets_it() => AssertJudged(true, "slowest of 2: 1 s", 0.2, 1);

    [Fact]
    public void One_fault_over_the_limit_misses_it() =>
        AssertJudged(false, "slowest of 3: 1.5 s; 1 over the limit", 0.2, 1.5, 0.3);

    [Fact]
    public void A_stage_that_never_came_misses_it() =>
        AssertJudged(false, "slowest of 2: 200 ms; 1 over the limit, 1 of them never came", 0.2, null);

    [Fact]
    public void A_budget_of_a_percentile_lets_the_rest_be_slower()
    {
        var recovery = new Recovery([.. Enumerable.Range(1, 20).Select(each => Fault("broker-kill", each * 0.1))]);
        var p95 = new RecoveryBudget("*", RecoveryStage.FirstConfirm, TimeSpan.FromSeconds(1.9), Percentile: 95);

        Assert.True(Assert.Single(recovery.Judge([p95])).IsMet);
        Assert.Equal("p95 at most 1.9 s", Assert.Single(recovery.Judge([p95])).Limit);
        Assert.False(Assert.Single(recovery.Judge([p95 with { Limit = TimeSpan.FromSeconds(1.8) }])).IsMet);
    }

    [Fact]
    public void A_budget_whose_fault_did_not_happen_is_left_out()
    {
        var recovery = new Recovery([Fault("worker-kill", 0.1), Fault("broker-kill", null) with { HappenedAt = null }]);

        Assert.Empty(recovery.Judge([_budget]));
    }

    [Fact]
    public void A_redelivery_that_nobody_owes_is_not_measured()
    {
        var result = Assert.Single(new Recovery([Fault("worker-kill", 0.1)]).Judge(RecoveryBudget.Defaults));

        Assert.Null(result.IsMet);
        Assert.Contains("no victim had a job in hand", result.Measured);
    }

    [Fact]
    public void Nothing_is_due_after_a_fault_that_came_when_the_load_was_over()
    {
        var recovery = Recovery.Of(new HandMade().Workers("w").Enqueued(0.5, 1).Ran(0.6, 0.7, 1, "w")
            .Injected(2, 1, "broker-restart", "the broker").Happened(2.1, 1, "broker-restart").Healed(3, 1).Entries);

        var results = recovery.Judge(RecoveryBudget.Defaults);

        Assert.Equal(2, results.Count);
        Assert.All(results, result => Assert.Null(result.IsMet));
        Assert.All(
            results, result => Assert.Equal("not measured: nothing was to be done afterwards", result.Measured));
    }

    [Fact]
    public void What_waits_when_a_fault_is_healed_is_due()
    {
        var recovery = Recovery.Of(new HandMade().Workers("w").Enqueued(0.5, 1).Intended(0.6, 2)
            .Injected(2, 1, "broker-restart", "the broker").Happened(2.1, 1, "broker-restart").Healed(3, 1).Entries);

        Assert.All(recovery.Judge(RecoveryBudget.Defaults), result => Assert.False(result.IsMet));
    }

    private static void AssertJudged(bool isMet, string measured, params double?[] firstConfirms)
    {
        var recovery = new Recovery([.. firstConfirms.Select(each => Fault("broker-restart", each))]);
        var result = Assert.Single(recovery.Judge([_budget]));

        Assert.Equal((isMet, measured), (result.IsMet, result.Measured));
        Assert.Equal(("broker-*: first confirm", "at most 1 s"), (result.Name, result.Limit));
    }

    private static FaultRecovery Fault(string name, double? firstConfirm) => new()
    {
        Fault = 1,
        Name = name,
        Victim = "somebody",
        InjectedAt = TimeSpan.FromSeconds(1),
        HappenedAt = TimeSpan.FromSeconds(1),
        FirstConfirm = firstConfirm is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };
}
