using System.Diagnostics;
using JobSystem.Chaos.Fleets;
using Xunit;

namespace JobSystem.Chaos.Tests.Fleets;

public sealed class FleetProcessTests
{
    [Fact]
    public async Task A_process_that_has_ended_may_be_disposed_of_again()
    {
        var process = Start("exit 3");
        Assert.Equal(3, await process.Exited);

        await process.DisposeAsync();
        await process.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_lives_is_killed_when_it_is_disposed_of()
    {
        var process = Start("read line");

        await process.DisposeAsync();

        Assert.Equal(137, await process.Exited);
        Assert.False(await process.Ready);
    }

    private static FleetProcess Start(string script) => new(
        "worker-1",
        "worker-1.1",
        new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        },
        static _ => { });
}
