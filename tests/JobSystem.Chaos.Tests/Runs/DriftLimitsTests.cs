using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Reports;
using JobSystem.Chaos.Runs;
using JobSystem.Chaos.Tests.Ledgers;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;
using static JobSystem.Chaos.Tests.Measuring.TrendTests;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>Whole ledger folders of soaks that never were, through the whole judge.</summary>
public sealed class DriftLimitsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_leak_of_a_megabyte_a_minute_is_found_in_half_an_hour()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            var report = Soak(30, minute => 80 + minute + (3 * Normal(random)));

            var drift = Assert.Single(report.Thresholds, threshold => threshold.IsMet == false);
            Assert.Equal("drift: memory of worker-1.1", drift.Name);
            Assert.Equal(ChaosExitCode.Missed, report.ExitCode);
        }
    }

    [Fact]
    public void The_teeth_of_a_garbage_collector_are_no_leak()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var (height, period) = (20 + (60 * random.NextDouble()), 1 + (6 * random.NextDouble()));
            var report = Soak(45, minute => 80 + (minute % period / period * height) + Normal(random));

            Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
        }
    }

    [Fact]
    public void Growth_that_comes_to_an_end_is_warming_up() => Assert.Equal(
        ChaosExitCode.Pass, Soak(20, minute => 130 - (70 * Math.Exp(-minute / 3))).ExitCode);

    [Fact]
    public void Handles_that_grow_slowly_and_for_ever_are_found()
    {
        var report = Soak(60, _ => 80, minute => 50 + (int)(minute / 3));

        Assert.Contains(report.Thresholds, each => each is { Name: "drift: handles of worker-1.1", IsMet: false });
    }

    [Fact]
    public void A_process_that_ended_unasked_is_missed()
    {
        var report = Soak(5, _ => 80, restartsAt: 2);

        Assert.Contains(report.Thresholds, each => each is { Name: "restarts", IsMet: false });
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(2)]
    [InlineData(9.9)]
    public void A_load_of_minutes_tells_nothing_of_an_hour(double minutes)
    {
        var report = Soak(minutes, minute => 80 + (100 * minute));

        Assert.Contains(report.Thresholds, each => each is { Name: "drift", IsMet: null });
        Assert.Equal(ChaosExitCode.Pass, report.ExitCode);
    }

    [Fact]
    public void Without_being_asked_nothing_is_judged() =>
        Assert.Empty(Soak(30, minute => 80 + (5 * minute), isSoak: false).Thresholds);

    /// <param name="minutes">Of the load.</param>
    /// <param name="memory">Of the worker by the minute, in megabytes.</param>
    /// <param name="handles">Of the worker by the minute.</param>
    /// <param name="restartsAt">Minute.</param>
    /// <param name="isSoak">It is judged.</param>
    private RunReport Soak(
        double minutes, Func<double, double> memory, Func<double, int>? handles = null, double? restartsAt = null,
        bool isSoak = true)
    {
        var folder = RunFolder.Create(_folder.File(Path.GetRandomFileName()));
        folder.Save(new RunFacts
        {
            Experiment = new Experiment
            {
                Name = "soak", About = "On paper.", Expect = new ExpectPlan { Soak = isSoak, MinConfirmed = 1 },
            },
            Seed = 1,
            IsComplete = true,
            StartedAt = DateTimeOffset.UnixEpoch,
            Repeat = "again",
        });
        var clock = new HandClock();
        using (var ledger = new LedgerWriter(folder.Ledger, "controller", clock))
        {
            ledger.Add(new HistoryEvent.LedgerOpened("controller"));
            ledger.Add(new HistoryEvent.PhaseBegan("load"));
            ledger.Add(new HistoryEvent.WorkerStarted("worker-1.1"));
            for (var second = 0.0; second < 60 * minutes; second += 3)
            {
                clock.Now = (long)(second * 1e9);
                var megabytes = (long)(memory(second / 60) * 1024 * 1024);
                ledger.Add(new HistoryEvent.ProcessSampled(
                    "worker-1.1", megabytes, megabytes, handles?.Invoke(second / 60) ?? 50, 20,
                    TimeSpan.FromSeconds(second / 10)));
                AddJob(ledger, new JobId($"job-{second}"));
                if (second / 60 == restartsAt)
                {
                    ledger.Add(new HistoryEvent.WorkerKilled("worker-1.1"));
                    ledger.Add(new HistoryEvent.WorkerStarted("worker-1.2"));
                }
            }

            ledger.Add(new HistoryEvent.PhaseBegan("drain"));
            ledger.Add(new HistoryEvent.Drained(IsComplete: true));
        }

        return RunChecker.Judge(folder);
    }

    private static void AddJob(LedgerWriter ledger, JobId job)
    {
        var run = new RunId("worker-1.1", 1);
        ledger.Add(new HistoryEvent.EnqueueIntended(job, 7));
        ledger.Add(new HistoryEvent.EnqueueConfirmed(job));
        ledger.Add(new HistoryEvent.RunStarted(job, run, 7));
        ledger.Add(new HistoryEvent.EffectDone(job, run));
    }
}
