using JobSystem.Hosting;
using JobSystem.Monitoring;
using JobSystem.TestKit;
using JobSystem.Tests.Actors;
using JobSystem.Tests.Cli;
using JobSystem.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace JobSystem.Tests.Monitoring;

public sealed class QueueLookoutTests : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(30);
    private static readonly QueueTrouble _loss = new("q", "q.dead", QueueTroubleKind.Loss, "A policy drops.");
    private static readonly QueueTrouble _blocked = new("q", "q", QueueTroubleKind.Blocked, "It takes no more.");

    private readonly ScriptedWatch _watch = new();
    private readonly ListeningLog _log = new();
    private readonly VirtualTime _time = new();

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task What_is_seen_at_the_start_is_logged_and_a_queue_that_takes_jobs_again_is_forgotten()
    {
        _watch.Answer(null, _loss, _blocked);
        await using var lookout = new QueueLookout(_watch, ["q"], _log, _time);

        Assert.Equal("Queue 'q.dead' can lose jobs: A policy drops.", await HeardAsync("Hazard"));
        Assert.Equal("Queue 'q': It takes no more.", await HeardAsync("QueueBlocked"));
        Assert.Equal([_blocked], lookout.Blocked);

        _watch.Answer(null, _loss);
        _time.Advance(_period);
        Assert.Contains("'q'", await HeardAsync("QueueUnblocked"), StringComparison.Ordinal);
        Assert.Empty(lookout.Blocked);
    }

    [Fact]
    public async Task What_cannot_be_seen_is_said_and_leaves_what_was_known()
    {
        _watch.Answer(null, _blocked);
        await using var lookout = new QueueLookout(_watch, ["q"], _log, _time);
        await HeardAsync("QueueBlocked");

        _watch.Answer("nobody answers");
        _time.Advance(_period);

        Assert.Contains("nobody answers", await HeardAsync("PoliciesNotSeen"), StringComparison.Ordinal);
        Assert.Equal([_blocked], lookout.Blocked);
    }

    [Fact]
    public async Task A_host_looks_where_its_configuration_says_and_a_queue_that_takes_no_more_degrades_its_health()
    {
        var settings = new Dictionary<string, string?> { ["Management"] = "http://broker:15672" };
        await using var host = new JobSystemBuilder()
            .UseTransport(_ => _watch)
            .UseConfiguration(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddQueue("q", queue => queue.Handle((_, _) => Task.CompletedTask))
            .Start(loggerFactory: new BenchLogs(_log));
        await host.Ready.WaitAsync(_deadline);
        var health = new ReadyHealthCheck(host);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext())).Status);

        _watch.Answer(null, _blocked);
        await HeardAsync("QueueBlocked");

        var degraded = await health.CheckHealthAsync(new HealthCheckContext());
        Assert.Equal((HealthStatus.Degraded, "It takes no more."), (degraded.Status, degraded.Description));
        Assert.Equal((new Uri("http://broker:15672"), "q"), (_watch.Opened, Assert.Single(_watch.Asked)));
        await host.DisposeAsync();
        Assert.True(_watch.IsDisposed);
    }

    [Theory]
    [InlineData("broker:15672")]
    [InlineData("http://user:secret@broker:15672")]
    public void An_address_that_is_none_is_a_problem_of_the_options(string address)
    {
        var problem = Assert.Single(JobSystemOptionsValidator.Problems(
            new JobSystemOptions { Management = new Uri(address, UriKind.RelativeOrAbsolute) }));

        Assert.Contains("http://host:15672", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    private Task<string> HeardAsync(string name) => _log.HeardAsync(name).WaitAsync(_deadline);
}
