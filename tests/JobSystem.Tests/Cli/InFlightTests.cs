using JobSystem.Cli.Enqueueing;
using Xunit;

namespace JobSystem.Tests.Cli;

public sealed class InFlightTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(2, 1000, 1)]
    [InlineData(100, 25, 10)]
    public async Task When_there_is_no_room_the_sender_waits_until_a_result_was_read(int jobs, long bytes, int size)
    {
        var inFlight = new InFlight(jobs, bytes);
        for (var number = 1; number <= 2; number++)
        {
            await inFlight.WaitForRoomAsync(size, default).WaitAsync(_deadline);
            inFlight.Add(Task.FromResult<EnqueueResult>(new EnqueueResult.Confirmed(new JobId($"{number}"))), size);
        }

        var third = inFlight.WaitForRoomAsync(size, default);
        Assert.False(third.IsCompleted);

        await using var results = inFlight.ReadAsync().GetAsyncEnumerator();
        await results.MoveNextAsync();
        await results.MoveNextAsync(); // the first was dealt with
        await third.WaitAsync(_deadline);
    }

    [Fact]
    public async Task A_payload_larger_than_all_the_room_goes_alone()
    {
        var inFlight = new InFlight(10, 100);

        await inFlight.WaitForRoomAsync(5000, default).WaitAsync(_deadline);

        Assert.False(inFlight.WaitForRoomAsync(1, default).IsCompleted);
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_sending_whatever_is_confirmed_first()
    {
        var inFlight = new InFlight(10, 100);
        var answers = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource<EnqueueResult>()).ToList();
        foreach (var answer in answers)
        {
            await inFlight.WaitForRoomAsync(1, default);
            inFlight.Add(answer.Task, 1);
        }

        inFlight.Complete();
        for (var number = 2; number >= 0; number--)
        {
            answers[number].SetResult(new EnqueueResult.Confirmed(new JobId($"{number}")));
        }

        var ids = new List<string>();
        await foreach (var result in inFlight.ReadAsync())
        {
            ids.Add(result.Id.Value);
        }

        Assert.Equal(["0", "1", "2"], ids);
    }
}
