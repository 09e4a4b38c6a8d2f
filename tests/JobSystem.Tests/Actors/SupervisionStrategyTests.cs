using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

public sealed class SupervisionStrategyTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Exception _failure = new InvalidOperationException("failure");

    [Theory]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Stop)]
    [InlineData(Directive.Escalate)]
    public void The_decision_carries_the_directive_of_the_decider(Directive directive)
    {
        var strategy = SupervisionStrategy.OneForOne(_ => directive);

        Assert.Equal(directive, Decide(strategy, RestartHistory.Empty).Directive);
    }

    [Fact]
    public void A_restart_is_written_into_the_history()
    {
        var decision = Assert.IsType<SupervisionDecision.Restart>(
            Decide(SupervisionStrategy.Default, RestartHistory.Empty));

        Assert.Equal([_now], decision.History.Restarts);
    }

    [Fact]
    public void A_budget_that_is_exhausted_escalates_with_the_failure()
    {
        var strategy = SupervisionStrategy.OneForOne(budget: new RestartBudget(2, TimeSpan.FromMinutes(1)));
        RestartHistory twice = RestartHistory.Empty.With(_now.AddSeconds(-59)).With(_now.AddSeconds(-1));

        var decision = Assert.IsType<SupervisionDecision.Escalate>(Decide(strategy, twice));

        Assert.Same(_failure, decision.Failure);
    }

    [Fact]
    public void Restarts_that_are_older_than_the_budget_looks_back_do_not_count()
    {
        var strategy = SupervisionStrategy.OneForOne(budget: new RestartBudget(2, TimeSpan.FromMinutes(1)));
        RestartHistory longAgo = RestartHistory.Empty.With(_now.AddSeconds(-60)).With(_now.AddSeconds(-1));

        var decision = Assert.IsType<SupervisionDecision.Restart>(Decide(strategy, longAgo));

        Assert.Equal([_now.AddSeconds(-1), _now], decision.History.Restarts);
    }

    [Fact]
    public void A_budget_of_nothing_never_restarts()
    {
        var strategy = SupervisionStrategy.OneForOne(budget: new RestartBudget(0, TimeSpan.FromMinutes(1)));

        Assert.IsType<SupervisionDecision.Escalate>(Decide(strategy, RestartHistory.Empty));
    }

    [Fact]
    public void A_decider_that_throws_escalates_with_both_exceptions()
    {
        var thrown = new FormatException("decider");
        var strategy = SupervisionStrategy.OneForOne(_ => throw thrown);

        var decision = Assert.IsType<SupervisionDecision.Escalate>(Decide(strategy, RestartHistory.Empty));

        Assert.Equal([_failure, thrown], Assert.IsType<AggregateException>(decision.Failure).InnerExceptions);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(3, 800)]
    [InlineData(6, 6_400)]
    [InlineData(7, 10_000)]
    [InlineData(1_000_000, 10_000)]
    public void The_pause_doubles_up_to_its_maximum(int restarts, int expectedCeiling)
    {
        RestartBackoff backoff = SupervisionStrategy.Default.Backoff;

        Assert.Equal(TimeSpan.FromMilliseconds(100), backoff.Delay(restarts, new Fixed(0)));
        Assert.Equal(
            expectedCeiling, backoff.Delay(restarts, new Fixed(1)).TotalMilliseconds, tolerance: 0.001);
    }

    [Fact]
    public void A_minimum_of_zero_restarts_at_once_however_often()
    {
        var backoff = new RestartBackoff(TimeSpan.Zero, TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.Zero, backoff.Delay(5, new Fixed(0.9)));
    }

    [Fact]
    public void The_same_arguments_give_the_same_decision()
    {
        var strategy = SupervisionStrategy.Default;
        RestartHistory history = RestartHistory.Empty.With(_now).With(_now);

        var first = (SupervisionDecision.Restart)strategy.Decide(_failure, history, _now, new Random(7));
        var second = (SupervisionDecision.Restart)strategy.Decide(_failure, history, _now, new Random(7));

        Assert.Equal(first.After, second.After);
        Assert.Equal(first.History.Restarts, second.History.Restarts);
    }

    private static SupervisionDecision Decide(SupervisionStrategy strategy, RestartHistory history) =>
        strategy.Decide(_failure, history, _now, new Random(1));

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
