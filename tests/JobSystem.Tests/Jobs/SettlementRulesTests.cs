using System.Reflection;
using JobSystem.Testing.Jobs;
using Xunit;

namespace JobSystem.Tests.Jobs;

/// <summary>The rule of the system, as properties over jobs, outcomes and settings of every kind.</summary>
public sealed class SettlementRulesTests
{
    private static readonly DateTimeOffset _now = RandomJobs.Now;

    private static readonly SettlementContext _context = new(
        "images", Lane.Work, "host-1/4711", Retry.Exponential(maxAttempts: 3), TimeSpan.FromMinutes(10), _now,
        Draw: 0);

    private static readonly Job _job = new() { Id = new JobId("job-1"), Origin = JobOrigin.Ours, Epoch = 4 };

    [Fact]
    public void The_outcomes_drawn_here_are_all_that_there_are()
    {
        var all = typeof(JobOutcome).GetNestedTypes(BindingFlags.Public).Select(type => type.Name);

        var drawn = RandomJobs.OutcomesOf(new Random(1)).Select(outcome => outcome.GetType().Name);

        Assert.Equal(all.Order(), drawn.Distinct().Order());
    }

    [Fact]
    public void Nothing_is_forgotten_that_has_not_succeeded() => ForAll((job, outcome, context) =>
    {
        var settlement = SettlementRules.Decide(job, outcome, context);

        Assert.Equal(outcome is JobOutcome.Succeeded, settlement is Settlement.Ack);
    });

    [Fact]
    public void A_successor_is_the_same_job_with_a_higher_epoch() => ForAll((job, outcome, context) =>
    {
        if (SettlementRules.Decide(job, outcome, context) is not Settlement.Replace replace)
        {
            return;
        }

        var successor = replace.Successor;
        Assert.Equal(job.Id, successor.Id);
        Assert.Equal(job.Epoch + 1, successor.Epoch);
        Assert.Equal(JobOrigin.Ours, successor.Origin);
        var travels = job with
        {
            Epoch = successor.Epoch, Origin = successor.Origin, IdWasGiven = false,
            Attempt = successor.Attempt, DueAt = successor.DueAt, ParkedSince = successor.ParkedSince,
            Failure = successor.Failure, WorkerLosses = successor.WorkerLosses,
        };
        Assert.Equal(travels, successor);
    });

    [Fact]
    public void A_successor_goes_to_a_lane_of_its_own_queue_and_is_due_when_its_delay_ends() =>
        ForAll((job, outcome, context) =>
        {
            if (SettlementRules.Decide(job, outcome, context) is not Settlement.Replace replace)
            {
                return;
            }

            Assert.Equal(context.Queue, replace.Destination.Queue);
            Assert.True(replace.Destination.Delay >= TimeSpan.Zero);
            if (replace.Destination.Delay > TimeSpan.Zero)
            {
                Assert.Equal(context.Now + replace.Destination.Delay, replace.Successor.DueAt);
            }
        });

    [Fact]
    public void Exactly_the_dead_letters_carry_a_failure() => ForAll((job, outcome, context) =>
    {
        if (SettlementRules.Decide(job, outcome, context) is not Settlement.Replace replace)
        {
            return;
        }

        Assert.Equal(replace.Destination.Lane == Lane.Dead, replace.Successor.Failure is not null);
        if (replace.Successor.Failure is { } failure)
        {
            Assert.Equal(context.Queue, failure.Queue);
            Assert.Equal(context.Worker, failure.Worker);
            Assert.Equal(context.Now, failure.FailedAt);
            Assert.NotEmpty(failure.Error);
            Assert.Null(replace.Successor.DueAt);
            Assert.Null(replace.Successor.ParkedSince);
            Assert.Equal(TimeSpan.Zero, replace.Destination.Delay);
        }
    });

    [Fact]
    public void No_run_is_made_beyond_the_last_attempt() => ForAll((job, outcome, context) =>
    {
        if (outcome is JobOutcome.Failed or JobOutcome.TimedOut)
        {
            var replace = (Settlement.Replace)SettlementRules.Decide(job, outcome, context);
            var isLast = job.Attempt >= context.Retry.MaxAttempts;
            Assert.Equal(isLast ? Lane.Dead : Lane.Work, replace.Destination.Lane);
            Assert.Equal(isLast ? job.Attempt : job.Attempt + 1, replace.Successor.Attempt);
        }
    });

    [Fact]
    public void A_job_that_fails_every_time_runs_as_often_as_allowed_and_then_is_a_dead_letter()
    {
        var job = _job;
        var runs = 1;
        while (Decide(job, new JobOutcome.Failed("again")) is { Destination.Lane: Lane.Work } retry)
        {
            (job, runs) = (retry.Successor, runs + 1);
            Assert.Equal(runs, job.Attempt);
        }

        Assert.Equal(3, runs);
        var buried = Decide(job, new JobOutcome.Failed("for good")).Successor;
        Assert.Equal(FailureReason.AttemptsExhausted, buried.Failure!.Reason);
    }

    [Fact]
    public void A_retry_waits_as_the_policy_says()
    {
        var first = Decide(_job, new JobOutcome.Failed("no"));
        var second = Decide(first.Successor, new JobOutcome.Failed("no"));

        Assert.Equal(new Destination("images", Lane.Work, TimeSpan.FromSeconds(5)), first.Destination);
        Assert.Equal(new Destination("images", Lane.Work, TimeSpan.FromSeconds(10)), second.Destination);
        Assert.Equal(_now.AddSeconds(10), second.Successor.DueAt);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(-5, 0)]
    public void The_handlers_own_wish_for_the_delay_comes_first(double wish, double delay)
    {
        var retry = Decide(_job, new JobOutcome.Failed("no", TimeSpan.FromSeconds(wish)));

        Assert.Equal(TimeSpan.FromSeconds(delay), retry.Destination.Delay);
        Assert.Equal(delay > 0 ? _now.AddSeconds(delay) : null, retry.Successor.DueAt);
    }

    [Fact]
    public void A_wish_beyond_all_time_is_kept_within_it()
    {
        var retry = Decide(_job, new JobOutcome.Failed("never", TimeSpan.MaxValue));

        Assert.Equal(SettlementRules.LongestDelay, retry.Destination.Delay);
    }

    [Fact]
    public void A_job_whose_work_could_not_begin_keeps_its_attempt_however_often() => ForAll((job, _, context) =>
    {
        var moved = Assert.IsType<Settlement.Replace>(
            SettlementRules.Decide(job, new JobOutcome.NotStarted("No process was left."), context));

        Assert.Equal((job.Attempt, job.WorkerLosses), (moved.Successor.Attempt, moved.Successor.WorkerLosses));
        Assert.Null(moved.Successor.Failure);
        Assert.Equal(new Destination(context.Queue, Lane.Work, SettlementRules.NotStartedDelay), moved.Destination);
    });

    [Fact]
    public void A_dead_letter_says_why()
    {
        (JobOutcome Outcome, FailureReason Reason, string Words, int Attempts)[] cases =
        [
            (new JobOutcome.Failed("disk full"), FailureReason.AttemptsExhausted, "disk full", 3),
            (new JobOutcome.TimedOut(TimeSpan.FromSeconds(9)), FailureReason.TimedOut, "00:00:09", 3),
            (new JobOutcome.NotRetryable("bad JSON"), FailureReason.NotRetryable, "bad JSON", 3),
            (new JobOutcome.WorkerLost(4), FailureReason.WorkerLost, "4 times", 3),
        ];
        foreach (var (outcome, reason, words, attempts) in cases)
        {
            var failure = Decide(_job with { Attempt = 3 }, outcome).Successor.Failure!;
            Assert.Equal((reason, attempts), (failure.Reason, failure.Attempts));
            Assert.Contains(words, failure.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_error_is_cut_to_its_limit_and_stays_valid_text()
    {
        var long1 = Decide(_job, new JobOutcome.NotRetryable(new string('x', 5000))).Successor.Failure!.Error;
        var text = new string('x', JobFailure.MaxErrorLength - 1) + "😀";
        var long2 = Decide(_job, new JobOutcome.NotRetryable(text)).Successor.Failure!.Error;

        Assert.Equal(new string('x', JobFailure.MaxErrorLength), long1);
        Assert.Equal(new string('x', JobFailure.MaxErrorLength - 1), long2);
    }

    [Fact]
    public void A_job_of_an_unknown_type_is_parked_until_patience_ends()
    {
        var patience = _context.UnknownTypePatience;
        var parked = Decide(_job, JobOutcome.UnknownType.Instance);
        Assert.Equal(new Destination("images", Lane.Work, TimeSpan.FromSeconds(1)), parked.Destination);
        Assert.Equal(_now, parked.Successor.ParkedSince);
        Assert.Equal(1, parked.Successor.Attempt);

        var later = SettlementRules.Decide(
            parked.Successor, JobOutcome.UnknownType.Instance, _context with { Now = _now.AddMinutes(5) });
        var again = Assert.IsType<Settlement.Replace>(later);
        Assert.Equal(TimeSpan.FromSeconds(30), again.Destination.Delay);
        Assert.Equal(_now, again.Successor.ParkedSince);

        var last = SettlementRules.Decide(
            parked.Successor, JobOutcome.UnknownType.Instance, _context with { Now = _now + patience });
        var buried = Assert.IsType<Settlement.Replace>(last);
        Assert.Equal(Lane.Dead, buried.Destination.Lane);
        Assert.Equal(FailureReason.UnknownType, buried.Successor.Failure!.Reason);
        Assert.Equal(0, buried.Successor.Failure.Attempts);
    }

    [Fact]
    public void A_run_ends_the_parking()
    {
        var retry = Decide(_job with { ParkedSince = _now.AddDays(-1) }, new JobOutcome.Failed("no"));

        Assert.Null(retry.Successor.ParkedSince);
    }

    [Fact]
    public void A_job_that_comes_too_early_waits_for_the_rest_of_its_time()
    {
        var early = Decide(_job with { DueAt = _now.AddHours(3) }, JobOutcome.NotDue.Instance);
        Assert.Equal(new Destination("images", Lane.Work, TimeSpan.FromHours(3)), early.Destination);
        Assert.Equal((_now.AddHours(3), 1), (early.Successor.DueAt, early.Successor.Attempt));

        var late = Decide(_job with { DueAt = _now.AddSeconds(-1) }, JobOutcome.NotDue.Instance);
        Assert.Equal(TimeSpan.Zero, late.Destination.Delay);
    }

    [Fact]
    public void A_loss_that_the_broker_does_not_count_is_noted_in_the_message_which_stays_in_its_queue()
    {
        var noted = Decide(_job, new JobOutcome.LossNoted(1));

        Assert.Equal(new Destination("images"), noted.Destination);
        Assert.Equal(1, noted.Successor.WorkerLosses);
        Assert.Equal(_job.Attempt, noted.Successor.Attempt);
    }

    [Fact]
    public void A_job_that_may_have_killed_its_worker_is_quarantined()
    {
        var moved = Decide(_job, JobOutcome.Quarantined.Instance);

        Assert.Equal(new Destination("images", Lane.Quarantine), moved.Destination);
        Assert.Equal(_job.Attempt, moved.Successor.Attempt);
    }

    [Fact]
    public void A_released_job_is_given_back_as_it_is()
    {
        var settlement = SettlementRules.Decide(_job, JobOutcome.Released.Instance, _context);

        Assert.IsType<Settlement.Requeue>(settlement);
    }

    [Fact]
    public void A_released_job_of_the_quarantine_is_published_again_so_that_no_broker_counts_a_loss()
    {
        var settlement = SettlementRules.Decide(
            _job, JobOutcome.Released.Instance, _context with { Lane = Lane.Quarantine });

        var again = Assert.IsType<Settlement.Replace>(settlement);
        Assert.Equal(new Destination("images", Lane.Quarantine), again.Destination);
    }

    private static Settlement.Replace Decide(Job job, JobOutcome outcome) =>
        Assert.IsType<Settlement.Replace>(SettlementRules.Decide(job, outcome, _context));

    private static void ForAll(Action<Job, JobOutcome, SettlementContext> property)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var job = RandomJobs.Next(random);
            foreach (var outcome in RandomJobs.OutcomesOf(random))
            {
                property(job, outcome, RandomJobs.ContextOf(random));
            }
        }
    }
}
