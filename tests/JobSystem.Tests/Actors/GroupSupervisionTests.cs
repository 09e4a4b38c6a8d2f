using Akka.Actor;
using JobSystem.Actors;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>All restart together after a pause: in a simulation, where each moment can be looked at.</summary>
public sealed class GroupSupervisionTests
{
    private static readonly RestartBudget _budget = new(
        Max: 3, Within: TimeSpan.FromMinutes(1), MinPause: TimeSpan.FromSeconds(1), MaxPause: TimeSpan.FromSeconds(1));

    private static readonly TimeSpan _almost = TimeSpan.FromMilliseconds(999);
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(2);

    private static readonly string[] _names = ["a", "b", "c"];

    private readonly ActorBench _bench;
    private readonly GroupBench _group;

    public GroupSupervisionTests()
        : this(seed: 1)
    {
    }

    private GroupSupervisionTests(ulong seed)
    {
        _bench = new ActorBench(opensAtOnce: true, seed);
        _group = new GroupBench(_bench, _budget, Directive.Stop);
        _bench.Run();
        _group.Heard.Clear();
    }

    [Fact]
    public void When_one_fails_all_are_restarted_together_after_the_pause()
    {
        Tell("a", "fail");
        _bench.RunFor(_almost);
        Assert.Empty(_group.Heard);
        _bench.RunFor(_rest);
        Assert.Equal(["a starts 2", "b starts 2", "c starts 2"], _group.Heard.Order());
        Assert.Single(_bench.Failures);
    }

    [Fact]
    public void What_is_told_in_the_pause_is_kept_and_heard_by_the_new_instances_in_order()
    {
        Tell("a", "fail", "1", "2");
        _bench.Run();
        Tell("b", "3");
        _bench.RunFor(_almost);
        Tell("c", "4");
        Assert.DoesNotContain(_group.Heard, heard => heard.Contains('4', StringComparison.Ordinal));
        _bench.RunFor(_rest);
        Assert.Equal(["a heard 1 in 2", "a heard 2 in 2"], HeardBy("a"));
        Assert.Equal(["b heard 3 in 2"], HeardBy("b"));
        Assert.Equal(["c heard 4 in 2"], HeardBy("c"));
    }

    [Fact]
    public void The_message_that_failed_is_not_heard_again()
    {
        Tell("a", "fail");
        _bench.RunFor(TimeSpan.FromMinutes(5));
        Assert.Single(_bench.Failures);
    }

    /// <summary>One may be suspended before it hears what makes it fail: then it fails in its next life.</summary>
    [Fact]
    public void Siblings_that_fail_at_the_same_moment_all_hear_again_afterwards()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var test = new GroupSupervisionTests(seed);
            foreach (var name in _names)
            {
                test.Tell(name, "fail", "after");
            }

            test._bench.RunFor(_almost);
            Assert.DoesNotContain(test._group.Heard, heard => heard.Contains("after", StringComparison.Ordinal));
            test._bench.RunFor(TimeSpan.FromMinutes(2));
            Assert.Equal(3, test._bench.Failures.Count);
            Assert.All(_names, name => Assert.Single(test.HeardBy(name)));

            test._group.Heard.Clear();
            test.Tell("a", "fail");
            test._bench.RunFor(_almost);
            Assert.Empty(test._group.Heard);
            test._bench.RunFor(_rest);
            Assert.Equal(3, test._group.Heard.Count);
        }
    }

    [Fact]
    public void Failures_beyond_the_budget_stop_the_parent_and_all_its_children()
    {
        for (var failure = 1; failure <= _budget.Max; failure++)
        {
            Tell("a", "fail");
            _bench.RunFor(_almost + _rest);
        }

        Assert.Contains("a starts 4", _group.Heard);
        Tell("b", "fail");
        _bench.AssertEnded(_group.Parent.Actor);
        Assert.All(_names, name => _bench.AssertEnded(_group.Child(name)));
        Assert.Contains("Stop", _bench.Failures[^1].Decision, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_that_are_far_apart_never_exceed_the_budget()
    {
        for (var failure = 1; failure <= 20; failure++)
        {
            Tell("a", "fail");
            _bench.RunFor(TimeSpan.FromSeconds(25));
        }

        Assert.Contains("a starts 21", _group.Heard);
    }

    [Fact]
    public void A_child_that_cannot_start_is_tried_again_within_the_budget()
    {
        _group.FailStarts("b", times: 2);
        Tell("a", "fail");
        _bench.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(3, _bench.Failures.Count);
        _group.Heard.Clear();
        foreach (var name in _names)
        {
            Tell(name, "hello");
        }

        _bench.Run();
        Assert.Equal(
            ["a heard hello", "b heard hello", "c heard hello"], _group.Heard.Select(heard => heard[..13]).Order());
    }

    [Fact]
    public void A_child_that_can_never_start_ends_the_tree_when_the_budget_is_spent()
    {
        _group.FailStarts("b", times: int.MaxValue);
        Tell("a", "fail");
        _bench.RunFor(TimeSpan.FromMinutes(1));
        _bench.AssertEnded(_group.Parent.Actor);
    }

    [Fact]
    public void A_parent_that_is_restarted_in_its_pause_does_not_restart_its_new_children()
    {
        Tell("a", "fail");
        _bench.RunFor(_almost);
        _group.Parent.Tell("fail"); // its own parent restarts it at once, with new children
        _bench.Run();
        var started = _group.Heard.Count(heard => heard.Contains("starts", StringComparison.Ordinal));
        Assert.Equal(3, started);
        _bench.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(started, _group.Heard.Count(heard => heard.Contains("starts", StringComparison.Ordinal)));
        _group.Heard.Clear();
        Tell("b", "fail");
        _bench.RunFor(_almost + _rest);
        Assert.Equal(3, _group.Heard.Count(heard => heard.Contains("starts", StringComparison.Ordinal)));
    }

    [Fact]
    public void Past_its_budget_a_parent_that_escalates_fails_itself()
    {
        var group = new GroupBench(_bench, _budget with { Max = 0 }, Directive.Escalate);
        _bench.Run();
        group.Heard.Clear();
        group.Child("a").Tell("fail", ActorRefs.NoSender);
        _bench.Run();
        Assert.Equal(2, group.ParentStarts);
        Assert.False(ActorBench.HasEnded(group.Parent.Actor));
    }

    private IEnumerable<string> HeardBy(string name) =>
        _group.Heard.Where(heard => heard.StartsWith($"{name} heard", StringComparison.Ordinal));

    private void Tell(string name, params string[] messages)
    {
        foreach (var message in messages)
        {
            _group.Child(name).Tell(message, ActorRefs.NoSender);
        }
    }
}
