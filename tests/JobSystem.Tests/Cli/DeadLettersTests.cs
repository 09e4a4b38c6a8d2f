using System.Text;
using System.Text.Json;
using JobSystem.Cli;
using JobSystem.Cli.DeadLetters;
using JobSystem.Terminal.Arguments;
using JobSystem.Terminal.Brokers;
using JobSystem.Transports;
using JobSystem.Transports.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace JobSystem.Tests.Cli;

/// <summary><c>jobs dead</c> on the broker in memory.</summary>
public sealed class DeadLettersTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly InMemoryBroker _broker = new();
    private readonly TestScreen _screen = new();
    private BrokerSession _session = null!;
    private JobHost _server = null!;

    public async Task InitializeAsync()
    {
        var address = new BrokerAddress.Memory(_broker);
        _session = await BrokerSession.OpenAsync(address, null, NullLoggerFactory.Instance, TimeProvider.System);
        _server = new JobSystemBuilder().UseTransport(address.Open).Start();
        Bury("a", FailureReason.TimedOut);
        Bury("b", FailureReason.NotRetryable);
        Bury("c", FailureReason.TimedOut);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _session.DisposeAsync();
    }

    public void Dispose()
    {
        _broker.Dispose();
        _screen.Dispose();
    }

    [Fact]
    public async Task A_requeued_dead_letter_is_a_first_attempt_with_all_it_had()
    {
        Assert.Equal(ExitCode.Done, await RequeueAsync("id=b"));

        var job = Assert.Single(_broker.JobsOf("q"));
        Assert.Equal(("b", 1, 8), (job.Id.Value, job.Attempt, job.Epoch));
        Assert.Equal("body of b", Encoding.UTF8.GetString(job.Body.Span));
        Assert.Equal(("lineage", "kept"), (job.Lineage, job.Headers["header"]));
        Assert.Null(job.Failure);
        Assert.Null(job.DueAt);
        Assert.Null(job.ParkedSince);
        Assert.Equal(0, job.WorkerLosses);
        Assert.Equal(["b"], _screen.Out);
        Assert.Equal(["a", "c"], await DeadIdsAsync());
    }

    [Fact]
    public async Task A_dead_letter_whose_copy_is_not_confirmed_stays()
    {
        _broker.RejectPublishes(1, "the queue is full");

        Assert.Equal(ExitCode.Failed, await RequeueAsync("reason=timed-out"));

        Assert.Equal(["c"], _broker.JobsOf("q").Select(job => job.Id.Value));
        Assert.Equal(["a", "b"], await DeadIdsAsync());
        Assert.Contains(_screen.Error, line => line.Contains("the queue is full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_changes_nothing()
    {
        Assert.Equal(ExitCode.Done, await RequeueAsync("reason=timed-out", dryRun: true));
        Assert.Equal(ExitCode.Done, await PurgeAsync("reason=timed-out", dryRun: true, yes: false));

        Assert.Equal(
            ["a would be requeued", "c would be requeued", "a would be purged", "c would be purged"], _screen.Out);
        Assert.Equal(["a", "b", "c"], await DeadIdsAsync());
        Assert.Empty(_broker.JobsOf("q"));
    }

    [Fact]
    public async Task A_purge_drops_what_matches_up_to_its_limit()
    {
        Assert.Equal(ExitCode.Done, await PurgeAsync("reason=timed-out", limit: 1));
        Assert.Equal(["b", "c"], await DeadIdsAsync());

        Assert.Equal(ExitCode.Done, await PurgeAsync());
        Assert.Empty(await DeadIdsAsync());
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_a_purge_needs_a_yes()
    {
        await Assert.ThrowsAsync<UsageException>(() => PurgeAsync(yes: false));

        Assert.Equal(["a", "b", "c"], await DeadIdsAsync());
    }

    [Fact]
    public async Task The_list_is_a_table_with_the_first_line_of_each_error()
    {
        Assert.Equal(ExitCode.Done, await ListAsync("reason=timed-out", limit: 1));

        Assert.Equal(2, _screen.Out.Length);
        Assert.StartsWith("ID", _screen.Out[0], StringComparison.Ordinal);
        Assert.Matches(@"^a\s+resize\s+timed-out\s+3\s+.+\s+first line$", _screen.Out[1]);
        Assert.Contains("--limit", Assert.Single(_screen.Error));
        Assert.Equal(["a", "b", "c"], await DeadIdsAsync());
    }

    [Fact]
    public async Task One_dead_letter_is_shown_with_its_payload()
    {
        Assert.Equal(ExitCode.Done, await ShowAsync("b"));
        Assert.Equal(ExitCode.Failed, await ShowAsync("x"));

        var shown = JsonDocument.Parse(Assert.Single(_screen.Out)).RootElement;
        Assert.Equal("body of b", shown.GetProperty("body").GetString());
        Assert.Equal("not-retryable", shown.GetProperty("reason").GetString());
        Assert.Equal("kept", shown.GetProperty("headers").GetProperty("header").GetString());
    }

    [Fact]
    public async Task Times_are_shown_as_dates_that_read_alike_everywhere()
    {
        var failed = new JobFailure(FailureReason.NotRetryable, "no", 1, "q", "worker",
            new DateTimeOffset(2026, 11, 28, 23, 13, 54, TimeSpan.FromHours(2)));
        _broker.Put("q.dead", new Job { Id = new JobId("timed"), Failure = failed });

        Assert.Equal(ExitCode.Done, await ShowAsync("timed", json: false));

        Assert.Contains("failedAt: 2026-11-28 21:13:54Z", _screen.Out);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_told_from_one_without_dead_letters()
    {
        var unknown = await Assert.ThrowsAsync<TransportException>(() => ListAsync(queue: "nowhere"));
        Assert.Equal(TransportFailureKind.NotFound, unknown.Failure.Kind);

        _broker.Put("empty", new Job { Id = new JobId("x") });
        Assert.Equal(ExitCode.Done, await ListAsync(queue: "empty"));
        Assert.Contains("no dead letters", Assert.Single(_screen.Error));
    }

    private Task<int> ShowAsync(string id, bool json = true) => new DeadShow(
        Settings() with { Json = json }, id, bodyOnly: false, _session, _screen.Screen).RunAsync().WaitAsync(_deadline);

    private Task<int> RequeueAsync(string where, bool dryRun = false) => new DeadMove(
        Settings(where) with { DryRun = dryRun }, job => _server.Client.RequeueAsync(job, "q"), _session,
        _screen.Screen, TimeProvider.System).RunAsync().WaitAsync(_deadline);

    private Task<int> PurgeAsync(string? where = null, bool dryRun = false, bool yes = true, int? limit = null) =>
        new DeadMove(Settings(where) with { DryRun = dryRun, Yes = yes, Limit = limit }, null, _session,
            _screen.Screen, TimeProvider.System).RunAsync().WaitAsync(_deadline);

    private Task<int> ListAsync(string? where = null, int? limit = null, string queue = "q") => new DeadList(
        Settings(where) with { Limit = limit, Queue = queue }, _session, _screen.Screen, TimeProvider.System)
        .RunAsync().WaitAsync(_deadline);

    private static DeadSettings Settings(string? where = null) =>
        new() { Queue = "q", Where = where is null ? [] : DeadCondition.Parse([where]) };

    /// <summary>Through the broker, so that what was taken and given back is seen, too.</summary>
    private async Task<List<string>> DeadIdsAsync()
    {
        var ids = new List<string>();
        await using var dead = await DeadQueue.OpenAsync(_session, Settings());
        await foreach (var delivery in dead.TakeAsync())
        {
            ids.Add(delivery.Job.Id.Value);
        }

        return ids;
    }

    private void Bury(string id, FailureReason reason) => _broker.Put("q.dead", new Job
    {
        Id = new JobId(id),
        Origin = JobOrigin.Ours,
        Lineage = "lineage",
        Type = "resize",
        Body = Encoding.UTF8.GetBytes($"body of {id}"),
        Attempt = 3,
        Epoch = 7,
        WorkerLosses = 2,
        DueAt = TimeProvider.System.GetUtcNow(),
        ParkedSince = TimeProvider.System.GetUtcNow(),
        Headers = new Dictionary<string, object?> { ["header"] = "kept" },
        Failure = new JobFailure(
            reason, "first line\nsecond line", 3, "q", "worker", TimeProvider.System.GetUtcNow()),
    });
}
