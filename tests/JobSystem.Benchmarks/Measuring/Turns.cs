using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>One of those that take turns.</summary>
/// <param name="Name">In the table.</param>
/// <param name="RunAsync">One measurement; told whether it only warms up.</param>
internal sealed record Turn<T>(string Name, Func<bool, Task<T>> RunAsync);

/// <summary>
/// Runs contenders by turns, so that a change of the machine's speed meets all of them: one warm-up each, then the
/// rounds, each begun by another contender.
/// </summary>
internal static class Turns
{
    /// <returns>By contender, then by round: what was measured in one round stands at the same index.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> TakeAsync<T>(
        Bench bench, string what, int rounds, IReadOnlyList<Turn<T>> turns)
    {
        var measured = turns.Select(_ => new List<T>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            for (var step = 0; step < turns.Count; step++)
            {
                var index = (step + Math.Max(round, 0)) % turns.Count;
                var times = round < 0 ? "warm-up" : $"round {round + 1} of {rounds}";
                bench.Live.Step($"{what}: {turns[index].Name}, {times}");
                bench.Cancel.ThrowIfCancellationRequested();
                var result = await turns[index].RunAsync(round < 0);
                if (round >= 0)
                {
                    measured[index].Add(result);
                }
            }
        }

        return measured;
    }
}
