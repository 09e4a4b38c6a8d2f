using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>How often, and after which pause: pure.</summary>
public sealed class RestartBudgetTests
{
    private static readonly DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RestartBudget _budget = new(
        Max: 5, Within: TimeSpan.FromMinutes(1), MinPause: TimeSpan.FromSeconds(1), MaxPause: TimeSpan.FromSeconds(6));

    [Fact]
    public void The_bound_of_the_pause_doubles_up_to_the_longest()
    {
        const double AlmostOne = 1 - 1e-9;
        var pauses = Enumerable.Range(0, 5).Select(earlier => _budget.NextPause(Earlier(earlier), _now, AlmostOne));
        Assert.Equal([1d, 2d, 4d, 6d, 6d], pauses.Select(pause => Math.Round(pause!.Value.TotalSeconds, 3)));
    }

    [Fact]
    public void The_draw_chooses_between_the_shortest_pause_and_its_bound()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), _budget.NextPause(Earlier(4), _now, draw: 0));
        Assert.Equal(TimeSpan.FromSeconds(3.5), _budget.NextPause(Earlier(4), _now, draw: 0.5));
    }

    [Fact]
    public void A_restart_more_than_the_budget_is_none() =>
        Assert.Null(_budget.NextPause(Earlier(5), _now, draw: 0));

    [Fact]
    public void A_restart_that_is_too_old_counts_no_more_and_is_forgotten()
    {
        var earlier = Earlier(5);
        earlier[0] = _now - TimeSpan.FromMinutes(1);
        Assert.NotNull(_budget.NextPause(earlier, _now, draw: 0));
        Assert.Equal(4, earlier.Count);
    }

    private static List<DateTimeOffset> Earlier(int count) =>
        [.. Enumerable.Range(1, count).Select(ago => _now - TimeSpan.FromSeconds(ago))];
}
