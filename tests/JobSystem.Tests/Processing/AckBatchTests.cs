using JobSystem.Processing;
using Xunit;

namespace JobSystem.Tests.Processing;

public sealed class AckBatchTests
{
    private readonly AckBatch _batch = new();
    private readonly List<(ulong Tag, bool Multiple)> _acks = [];

    [Fact]
    public void Finished_ones_in_a_row_are_acked_as_one()
    {
        Add(1, 2, 3, 4);

        Finish(2, 1, 3);

        Assert.Equal([(3UL, true)], _acks);
    }

    [Fact]
    public void One_behind_a_running_one_is_acked_alone_and_at_once()
    {
        Add(1, 2, 3);

        Finish(2);
        Finish(3);

        Assert.Equal([(2UL, false), (3UL, false)], _acks);
    }

    [Fact]
    public void One_behind_a_running_one_may_wait_for_it_and_is_acked_with_it()
    {
        Add(1, 2, 3);

        Finish(alone: false, 2);
        Assert.Empty(_acks);
        Assert.Equal(1, _batch.Finished);

        Finish(alone: false, 1);
        Assert.Equal([(2UL, true)], _acks);
        Assert.Equal(0, _batch.Finished);
    }

    [Fact]
    public void One_that_has_waited_long_enough_is_acked_alone()
    {
        Add(1, 2, 3);
        Finish(alone: false, 3);

        Finish(alone: true, 2);

        Assert.Equal([(3UL, false), (2UL, false)], _acks);
    }

    [Fact]
    public void One_that_was_given_back_holds_up_no_row()
    {
        Add(1, 2, 3);

        _batch.Forget(1);
        Finish(2, 3);

        Assert.Equal([(3UL, true)], _acks);
    }

    [Fact]
    public void One_that_was_given_back_is_not_acked_when_it_finishes_after_all()
    {
        Add(1);

        _batch.Forget(1);
        Finish(1);

        Assert.Empty(_acks);
    }

    [Fact]
    public void What_comes_and_goes_behind_a_long_job_does_not_pile_up()
    {
        Add(1);
        for (ulong tag = 2; tag < 10_000; tag++)
        {
            Add(tag);
            Finish(tag);
        }

        Assert.InRange(_batch.Remembered, 1, 100);
        Assert.DoesNotContain(_acks, ack => ack.Multiple);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_order_each_finished_one_is_acked_once_and_no_other_ever(int seed)
    {
        var random = new Random(seed);
        var (unacked, running, next) = (new SortedSet<ulong>(), new List<ulong>(), 0UL);
        for (var step = 0; step < 5_000; step++)
        {
            while (running.Count < 40)
            {
                Add(++next);
                unacked.Add(next);
                running.Add(next);
            }

            // The first is a long job: it seldom ends.
            var ended = Enumerable.Range(0, random.Next(1, 30)).Select(_ => Take(running, random)).ToArray();
            _acks.Clear();
            var alone = random.Next(4) == 0;
            Finish(alone, ended);
            foreach (var (tag, multiple) in _acks)
            {
                var acked = multiple ? unacked.Where(each => each <= tag).ToList() : [tag];
                Assert.All(acked, each => Assert.True(unacked.Remove(each), $"{each} was acked twice"));
                Assert.DoesNotContain(acked, running.Contains);
            }

            Assert.Equal(running.Count + _batch.Finished, unacked.Count);
            Assert.True(!alone || _batch.Finished == 0);
        }
    }

    private static ulong Take(List<ulong> running, Random random)
    {
        var index = running.Count > 1 && random.Next(500) > 0 ? random.Next(1, running.Count) : 0;
        var tag = running[index];
        running.RemoveAt(index);
        return tag;
    }

    private void Add(params ulong[] tags)
    {
        foreach (var tag in tags)
        {
            _batch.Add(tag);
        }
    }

    private void Finish(params ulong[] tags) => Finish(alone: true, tags);

    private void Finish(bool alone, params ulong[] tags)
    {
        foreach (var tag in tags)
        {
            _batch.Finish(tag);
        }

        _batch.Flush((tag, multiple) => _acks.Add((tag, multiple)), alone);
    }
}
