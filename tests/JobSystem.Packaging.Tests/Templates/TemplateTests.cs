using JobSystem.Packaging.Tests.Packages;
using Xunit;

namespace JobSystem.Packaging.Tests.Templates;

/// <summary>What <c>dotnet new</c> makes of our templates, outside of the clone: it builds against the packages and
/// runs.</summary>
[Collection(OfPackages.Name)]
public sealed class TemplateTests(PackageFeed feed) : IDisposable
{
    private readonly Sandbox _user = new(feed.Folder);

    [Fact]
    public async Task A_new_worker_builds_runs_its_jobs_and_drains()
    {
        await CreateAsync("jobsystem-worker", "Mailer");
        await _user.DotnetAsync("build", "Mailer", "--nologo", "--verbosity", "quiet");

        await using var worker = Command.Start(
            _user.Folder, Path.Combine(_user.Folder, "Mailer", "bin", "Debug", "net10.0", "Mailer"), "--Hello", "Ada");
        await worker.LineAsync("Hello, Ada!");
        await worker.TerminateAsync();

        Assert.Equal(0, await worker.EndAsync());
    }

    [Fact]
    public async Task A_new_chaos_suite_kills_its_worker_and_passes()
    {
        await CreateAsync("jobsystem-chaos", "Mailer.Chaos");

        var printed = await _user.DotnetAsync("test", "Mailer.Chaos", "--nologo");

        Assert.Contains("Passed!", printed, StringComparison.Ordinal);
    }

    public void Dispose() => _user.Dispose();

    private async Task CreateAsync(string template, string name)
    {
        await _user.DotnetAsync("new", "install", feed.PathOf("JobSystem.Templates"));
        await _user.DotnetAsync("new", template, "--name", name);
    }
}
