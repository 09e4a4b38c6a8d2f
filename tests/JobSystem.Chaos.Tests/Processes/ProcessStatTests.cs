using System.Diagnostics;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Verification.Histories;
using Xunit;

namespace JobSystem.Chaos.Tests.Processes;

public sealed class ProcessStatTests
{
    private const string Status = "Name:\tchaos\nVmHWM:\t  81000 kB\nVmRSS:\t   80000 kB\nThreads:\t21\n";

    [Fact]
    public void It_is_read_from_what_the_kernel_says()
    {
        var sample = ProcessStat.In(
            "worker-1.1", "12 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 21 0 4242 1 2", Status, 64);

        Assert.Equal(
            new HistoryEvent.ProcessSampled(
                "worker-1.1", 80_000 * 1024, 81_000 * 1024, 64, 21, TimeSpan.FromSeconds(2)), sample);
    }

    [Theory]
    [InlineData("", Status)]
    [InlineData("12 (x) S 1 2", Status)]
    [InlineData("12 (x) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0", "Name:\tkthreadd\n")]
    public void What_cannot_be_read_is_no_sample(string stat, string status) =>
        Assert.Null(ProcessStat.In("x", stat, status, 1));

    [Fact]
    public void This_process_uses_something()
    {
        var sample = ProcessStat.OfSelf("me")!;

        Assert.InRange(sample.Memory, 10_000_000, Process.GetCurrentProcess().PeakWorkingSet64 * 2);
        Assert.True(sample.PeakMemory > 0 && sample.Handles > 3 && sample.Threads > 3, $"{sample}");
        Assert.InRange(sample.Cpu, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
    }
}
