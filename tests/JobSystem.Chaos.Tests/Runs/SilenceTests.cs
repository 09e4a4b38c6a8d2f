using JobSystem.Chaos.Runs;
using Xunit;

namespace JobSystem.Chaos.Tests.Runs;

/// <summary>Jobs that wait for a worker that is only starting are not stuck.</summary>
public sealed class SilenceTests
{
    private readonly Silence _silence = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));

    [Fact]
    public void Silence_is_believed_when_all_workers_took_part_and_nothing_moved_for_long()
    {
        Assert.False(At(0));
        Assert.False(At(5));
        Assert.True(At(5.1));
    }

    [Fact]
    public void What_moves_ends_the_silence()
    {
        Assert.False(At(0));
        Assert.False(At(4.9, effects: 8));
        Assert.False(At(9.8, effects: 8));
        Assert.True(At(10, effects: 8));
    }

    [Fact]
    public void Silence_while_a_worker_is_starting_counts_only_from_when_it_takes_part()
    {
        Assert.False(At(0));
        Assert.False(At(20, isStarting: true));
        Assert.False(At(25));
        Assert.True(At(25.1));
    }

    [Fact]
    public void A_worker_that_never_takes_part_does_not_hold_up_the_end_for_ever()
    {
        Assert.False(At(0));
        Assert.False(At(299, isStarting: true));
        Assert.False(At(304, isStarting: true));
        Assert.True(At(304.1, isStarting: true));
    }

    private bool At(double seconds, int effects = 7, bool isStarting = false) =>
        _silence.IsBelieved(TimeSpan.FromSeconds(seconds), effects, open: 3, isStarting);
}
