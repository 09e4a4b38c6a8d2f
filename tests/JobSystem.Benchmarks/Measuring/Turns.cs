using System.Runtime;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>One of those that take turns.</summary>
/// <param name="Name">In the table.</param>
/// <param name="RunAsync">One measurement; told whether it only warms up.</param>
internal sealed record Turn<T>(string Name, Func<bool, Task<T>> RunAsync);

/// <summary>
/// Runs contenders by turns, so that a change of the machine's speed meets all of them: warm-ups, then the rounds,
/// each begun by another contender. They warm up until the compiler has little left to do: it works beside the jobs, on
/// the same cores, and would be counted as theirs (a third of the processor time of the first 100,000 jobs).
/// </summary>
internal static class Turns
{
    private const int MaxWarmUps = 8;
    private const int FewMethods = 40;

    /// <returns>By contender, then by round: what was measured in one round stands at the same index.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> TakeAsync<T>(
        Bench bench, string what, int rounds, IReadOnlyList<Turn<T>> turns)
    {
        var measured = turns.Select(_ => new List<T>()).ToList();
        for (var time = 1; time <= MaxWarmUps; time++)
        {
            var before = JitInfo.GetCompiledMethodCount();
            foreach (var turn in turns)
            {
                await TakeAsync(turn, $"warm-up {time}", warm: true);
            }

            if (JitInfo.GetCompiledMethodCount() - before < FewMethods)
            {
                break;
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var step = 0; step < turns.Count; step++)
            {
                var index = (step + round) % turns.Count;
                measured[index].Add(
                    await TakeAsync(turns[index], $"round {round + 1} of {rounds}", warm: false));
            }
        }

        return measured;

        Task<T> TakeAsync(Turn<T> turn, string times, bool warm)
        {
            bench.Live.Step($"{what}: {turn.Name}, {times}");
            bench.Cancel.ThrowIfCancellationRequested();
            return turn.RunAsync(warm);
        }
    }
}
