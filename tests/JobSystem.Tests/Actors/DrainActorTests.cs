using Akka.TestKit;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Actors;

/// <summary>The order of shutdown, and that a report is given whatever hangs.</summary>
public sealed class DrainActorTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);

    private readonly ActorBench _bench = new();
    private readonly TestProbe[] _runners;
    private readonly TestProbe _publisher;
    private readonly TestProbe _asker;
    private readonly Ref<DrainMessage> _drain;

    public DrainActorTests()
    {
        _runners = [_bench.Probe(), _bench.Probe()];
        (_publisher, _asker) = (_bench.Probe(), _bench.Probe());
        _drain = _bench.Start(() => new DrainActor(_bench.Environment, _bench.Options, _bench.Observation,
            [.. _runners.Select(ActorBench.Ref<RunnerMessage>)], ActorBench.Ref<PublisherMessage>(_publisher)));
    }

    /// <summary>After the patience, twice the cancel grace and a second.</summary>
    private TimeSpan UntilHardStop => (2 * _bench.Options.CancelGrace) + ActorBench.Second;

    [Fact]
    public void The_publisher_is_drained_after_the_last_runner_and_then_the_report_is_given()
    {
        Begin();
        Assert.All(_runners, runner => Assert.Equal(_drain, _bench.Expect<RunnerMessage.Drain>(runner).ReplyTo));
        var fate = new JobFate(new JobId("a"), null, ActorBench.Queue, FateKind.Finished);
        _drain.Tell(new DrainMessage.JobDrained(fate));
        Drained(0);
        _bench.ExpectNothing(_publisher);
        _bench.RunFor(ActorBench.Second);
        Drained(1);
        _bench.Expect<PublisherMessage.Drain>(_publisher);
        _bench.ExpectNothing(_asker);

        _drain.Tell(new DrainMessage.PublisherDrained());
        var report = _bench.Expect<DrainReport>(_asker);
        Assert.Equal([fate], report.Fates);
        Assert.Equal(ActorBench.Second, report.Elapsed);
        Assert.True(report.IsComplete);
        Assert.All(_runners, runner => Assert.False(runner.HasMessages));
    }

    [Fact]
    public void When_the_patience_is_over_what_runs_is_cancelled()
    {
        Begin();
        _bench.RunFor(_patience - TimeSpan.FromMilliseconds(1));
        Assert.All(_runners, runner => Assert.Equal(["Drain"], NamesOf(runner)));
        _bench.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.All(_runners, runner => Assert.Equal(["CancelRuns"], NamesOf(runner)));
    }

    [Fact]
    public void A_hurry_cancels_what_runs_at_once_also_when_it_comes_first()
    {
        _drain.Tell(new DrainMessage.Hurry());
        Begin();
        Assert.All(_runners, runner => Assert.Equal(["Drain", "CancelRuns"], NamesOf(runner)));
    }

    [Fact]
    public void A_runner_that_hangs_is_asked_what_it_abandons_and_the_report_is_given_as_it_stands()
    {
        Begin();
        Drained(0);
        _bench.RunFor(_patience + UntilHardStop);
        Assert.Equal(["Drain", "CancelRuns"], NamesOf(_runners[0]));
        Assert.Equal(["Drain", "CancelRuns", "GiveUp"], NamesOf(_runners[1]));
        var fate = new JobFate(new JobId("hangs"), null, ActorBench.Queue, FateKind.Abandoned);
        _drain.Tell(new DrainMessage.Abandoned(ActorBench.Ref<RunnerMessage>(_runners[1]), [fate]));
        var report = _bench.Expect<DrainReport>(_asker);
        Assert.Equal([fate], report.Fates);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void A_publisher_that_hangs_does_not_hold_up_the_report()
    {
        Begin();
        Drained(0);
        Drained(1);
        _bench.RunFor(_patience + UntilHardStop);
        Assert.False(_bench.Expect<DrainReport>(_asker).PublishesConfirmed);
    }

    [Fact]
    public void A_hurry_that_is_repeated_does_not_put_off_the_report()
    {
        Begin();
        Drained(0);
        Drained(1);
        for (var second = 0; second < 20; second++)
        {
            _drain.Tell(new DrainMessage.Hurry());
            _bench.RunFor(ActorBench.Second);
        }

        _bench.Expect<DrainReport>(_asker);
    }

    [Fact]
    public void All_who_ask_hear_the_same_report_also_those_who_ask_late()
    {
        Begin();
        var second = _bench.Probe();
        _drain.Tell(new DrainMessage.Begin(TimeSpan.Zero, ActorBench.Ref<DrainReport>(second)));
        Drained(0);
        Drained(1);
        _drain.Tell(new DrainMessage.PublisherDrained());
        var report = _bench.Expect<DrainReport>(_asker);
        Assert.Same(report, _bench.Expect<DrainReport>(second));
        var late = _bench.Probe();
        _drain.Tell(new DrainMessage.Begin(_patience, ActorBench.Ref<DrainReport>(late)));
        Assert.Same(report, _bench.Expect<DrainReport>(late));
    }

    [Fact]
    public void A_drain_that_ends_or_fails_gives_its_report_as_it_stands()
    {
        Begin();
        _bench.Fail<DrainActor>(_drain.Actor);
        Assert.False(_bench.Expect<DrainReport>(_asker).IsComplete);
    }

    private void Begin()
    {
        _drain.Tell(new DrainMessage.Begin(_patience, ActorBench.Ref<DrainReport>(_asker)));
        _bench.Run();
    }

    private void Drained(int runner) =>
        _drain.Tell(new DrainMessage.RunnerDrained(ActorBench.Ref<RunnerMessage>(_runners[runner])));

    private IEnumerable<string> NamesOf(TestProbe probe) =>
        _bench.Drain<object>(probe).Select(message => message.GetType().Name);
}
