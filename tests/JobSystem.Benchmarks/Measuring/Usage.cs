using System.Diagnostics;

namespace JobSystem.Benchmarks.Measuring;

/// <summary>What a run of jobs took.</summary>
/// <param name="Rate">Jobs a second.</param>
/// <param name="BytesPerJob">Allocated in this process.</param>
/// <param name="CpuPerJob">Microseconds of this process, producer and consumer together.</param>
/// <param name="BrokerCpuPerJob">Microseconds of the broker's processes; null where they cannot be seen.</param>
internal sealed record Usage(double Rate, double BytesPerJob, double CpuPerJob, double? BrokerCpuPerJob)
{
    public static async Task<Usage> MeasureAsync(int jobs, ProcessGauge? broker, Func<Task> run)
    {
        GC.Collect();
        using var here = Process.GetCurrentProcess();
        var (cpu, bytes, start) = (here.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        var brokerCpu = broker?.Cpu;
        await run();
        var elapsed = Stopwatch.GetElapsedTime(start);
        here.Refresh();
        return new Usage(
            jobs / elapsed.TotalSeconds,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / jobs,
            (here.TotalProcessorTime - cpu).TotalMicroseconds / jobs,
            (broker?.Cpu - brokerCpu)?.TotalMicroseconds / jobs);
    }
}
