using Xunit;

namespace JobSystem.Packaging.Tests.Packages;

/// <summary>The tools, installed from the packages outside of the clone, start themselves again as their workers.
/// </summary>
[Collection(OfPackages.Name)]
public sealed class ToolTests(PackageFeed feed) : IDisposable
{
    private readonly Sandbox _user = new(feed.Folder);

    [Fact]
    public async Task The_tool_jobs_loses_nothing_in_its_demo()
    {
        var jobs = await InstallAsync("JobSystem.Cli", "jobs");

        var printed = await Command.RunAsync(_user.Folder, jobs, "demo", "--jobs", "60");

        Assert.Contains("Nothing is lost", printed, StringComparison.Ordinal);
        Assert.Contains("SIGKILL to process", printed, StringComparison.Ordinal);
    }

    /// <summary>An experiment of some seconds: the default takes two minutes.</summary>
    [Fact]
    public async Task The_tool_chaos_kills_workers_and_judges_them()
    {
        var chaos = await InstallAsync("JobSystem.Chaos.Cli", "chaos");
        File.WriteAllText(Path.Combine(_user.Folder, "small.yaml"), """
            name: small
            about: Two kills on the embedded broker.
            workload: { jobs: 300, rate: 150 }
            fleet: { workers: 2 }
            faults:
              - { fault: worker-kill, at: 500ms, times: 2, every: 500ms }
            expect:
              recovery: { worker-kill: { redelivery: 60s } }
            """);

        var printed = await Command.RunAsync(_user.Folder, chaos, "run", "small.yaml", "--seed", "7");
        var experiments = await Command.RunAsync(_user.Folder, chaos, "experiments");
        var plan = await Command.RunAsync(_user.Folder, chaos, "plan", "default", "--seed", "7");

        Assert.Contains("PASS  small, seed 7", printed, StringComparison.Ordinal);
        Assert.Contains("300 confirmed = 300 finished", printed, StringComparison.Ordinal);
        Assert.Contains("nemesis-embedded", experiments, StringComparison.Ordinal);
        Assert.Contains("producer-kill", plan, StringComparison.Ordinal);
    }

    public void Dispose() => _user.Dispose();

    private async Task<string> InstallAsync(string id, string command)
    {
        var tools = Path.Combine(_user.Folder, "tools");
        await _user.DotnetAsync("tool", "install", id, "--tool-path", tools);
        return Path.Combine(tools, command);
    }
}
