using System.Diagnostics;
using Xunit;

namespace JobSystem.Chaos.Tests;

/// <summary>The lab on the embedded broker: nothing to install.</summary>
public sealed class ChaosLabTests
{
    [Fact]
    public async Task The_address_of_the_embedded_broker_is_the_path_that_its_client_takes()
    {
        await using var lab = await ChaosLab.StartAsync();

        var path = lab.BrokerFor("app");

        Assert.True(Path.IsPathFullyQualified(path), path);
        Assert.True(Directory.Exists(Path.GetDirectoryName(path)), path);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_worker_that_is_killed_is_a_process_and_never_a_part_of_the_test(int seed)
    {
        await using var lab = await ChaosLab.StartAsync(seed: seed);
        lab.BrokerFor("producer");
        lab.BrokerFor("worker");
        using var process = Process.Start("sleep", "600");
        lab.Adopt("worker", process);

        await lab.BreakAsync("worker-kill");

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(137, process.ExitCode);
    }

    [Fact]
    public async Task A_folder_that_nobody_named_is_gone_with_the_lab()
    {
        var lab = await ChaosLab.StartAsync();
        Assert.True(Directory.Exists(lab.Folder));

        await lab.DisposeAsync();

        Assert.False(Directory.Exists(Path.GetDirectoryName(lab.Folder)));
    }
}
