using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Histories;

public sealed class CensusTests
{
    private static readonly RunId _run = new("worker-1.1", 1);

    [Fact]
    public void One_that_forgets_counts_as_one_that_does_not_and_keeps_only_what_is_open()
    {
        var (whole, forgetful) = (new Census(), new Census(forgets: true));
        for (var number = 0; number < 100; number++)
        {
            foreach (var happened in Life(new JobId($"job-{number}"), number))
            {
                var entry = new HistoryEntry(number, TimeSpan.Zero, happened);
                whole.Add(entry);
                forgetful.Add(entry);
            }
        }

        Assert.Equal(
            (whole.Confirmed, whole.Open, whole.Finished, whole.Effects, whole.Unknown),
            (forgetful.Confirmed, forgetful.Open, forgetful.Finished, forgetful.Effects, forgetful.Unknown));
        Assert.Equal(100, whole.Stories.Count);
        Assert.Equal(whole.Open + whole.Unknown, forgetful.Stories.Count);
        Assert.True(whole is { Open: > 10, Unknown: > 10, Finished: 40 });
    }

    /// <summary>In the orders that files of several processes are read in.</summary>
    private static IEnumerable<HistoryEvent> Life(JobId job, int number)
    {
        HistoryEvent intended = new HistoryEvent.EnqueueIntended(job, 7);
        HistoryEvent started = new HistoryEvent.RunStarted(job, _run, 7);
        HistoryEvent done = new HistoryEvent.EffectDone(job, _run);
        HistoryEvent confirmed = new HistoryEvent.EnqueueConfirmed(job);
        HistoryEvent acked = new HistoryEvent.MessageAcked(job, 0, "chaos");
        return (number % 5) switch
        {
            0 => [intended, confirmed, started, done, acked],
            1 => [started, done, acked, intended, confirmed],
            2 => [intended, confirmed, new HistoryEvent.DeadLettered(job, FailureReason.TimedOut)],
            3 => [intended, confirmed, started],
            _ => [intended, new HistoryEvent.EnqueueUnknown(job, "late")],
        };
    }
}
