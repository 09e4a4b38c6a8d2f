using JobSystem.Cli.DeadLetters;
using JobSystem.Terminal.Arguments;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class DeadConditionTests
{
    private static readonly DateTimeOffset _now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Job _dead = new()
    {
        Id = new JobId("job-1"),
        Type = "resize",
        Failure = new JobFailure(
            FailureReason.TimedOut, "It took, in all, too long", 3, "images", "worker", _now - TimeSpan.FromHours(2)),
    };

    [Theory]
    [InlineData("reason=timed-out", true)]
    [InlineData("reason=not-retryable", false)]
    [InlineData("type=resize", true)]
    [InlineData("type=", false)]
    [InlineData("id=job-1", true)]
    [InlineData("id=job", false)]
    [InlineData("error~TOO long", true)]
    [InlineData("error~fast", false)]
    [InlineData("older-than=1h", true)]
    [InlineData("older-than=3h", false)]
    [InlineData("reason=timed-out, type=resize, older-than=90m", true)]
    [InlineData("reason=timed-out,type=crop", false)]
    [InlineData("error~It took, in all,id=job-1", true)]
    public void All_conditions_must_hold_and_a_comma_may_be_part_of_a_value(string where, bool matches) =>
        Assert.Equal(matches, DeadCondition.Parse([where]).All(condition => condition.Holds(_dead, _now)));

    [Theory]
    [InlineData("")]
    [InlineData("reason=bored")]
    [InlineData("reason~timed-out")]
    [InlineData("error=x")]
    [InlineData("colour=red")]
    [InlineData("older-than=yesterday")]
    public void What_is_no_condition_is_refused(string where) =>
        Assert.Throws<UsageException>(() => DeadCondition.Parse([where]));

    [Theory]
    [InlineData("expired")]
    [InlineData("maxlen")]
    [InlineData("rejected")]
    [InlineData("delivery-limit")]
    public void The_brokers_own_reasons_can_be_chosen_by(string reason)
    {
        var failure = Enum.GetValues<FailureReason>().Single(each => DeadCondition.NameOf(each) == reason);
        var dead = _dead with { Failure = _dead.Failure! with { Reason = failure } };

        var condition = Assert.Single(DeadCondition.Parse([$"reason={reason}"]));

        Assert.True(condition.Holds(dead, _now));
        Assert.False(condition.Holds(_dead, _now));
    }

    [Fact]
    public void What_has_no_reason_has_no_age()
    {
        var foreign = new Job { Id = new JobId("job-2") };

        Assert.Equal("-", DeadLetter.ReasonOf(foreign));
        Assert.False(new DeadCondition.OlderThan(TimeSpan.Zero).Holds(foreign, _now));
        Assert.True(new DeadCondition.Type("").Holds(foreign, _now));
    }
}
