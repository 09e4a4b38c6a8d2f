using JobSystem.Benchmarks.Measuring;
using JobSystem.Benchmarks.Recording;

namespace JobSystem.Benchmarks.Throughput;

/// <summary>Runs of several contenders as a table. Pure.</summary>
internal static class UsageTable
{
    /// <param name="names">One a row.</param>
    /// <param name="runs">By row, then by round.</param>
    /// <param name="referenceOf">To which row a row is compared; null: to the first.</param>
    public static TextTable Of(
        IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<Usage>> runs, Func<int, int>? referenceOf = null)
    {
        var table = new TextTable(
            "", "jobs/s (min to max)", "ratio (min to max)", "B a job", "CPU µs a job", "broker CPU µs a job");
        for (var index = 0; index < names.Count; index++)
        {
            var reference = referenceOf?.Invoke(index) ?? 0;
            var ratio = Spread.Ratios(runs[index], runs[reference], run => run.Rate);
            table.Add(
                names[index],
                Spread.Of(runs[index], run => run.Rate).Say(Words.Rate),
                index == reference ? "1" : ratio.Say(Words.Ratio),
                Words.Number(Spread.Of(runs[index], run => run.BytesPerJob).Median),
                Words.Number(Spread.Of(runs[index], run => run.CpuPerJob).Median),
                runs[index][0].BrokerCpuPerJob is null
                    ? "–" : Words.Number(Spread.Of(runs[index], run => run.BrokerCpuPerJob!.Value).Median));
        }

        return table;
    }
}
