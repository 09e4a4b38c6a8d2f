using System.Text.Json;
using System.Threading.Channels;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Systems;

/// <summary>Actors of a job system in this process crash on command.</summary>
#pragma warning disable CA1001 // disposed of by the test framework: IAsyncLifetime
public sealed class ActorCrashesTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _folder = new();
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _ran = Channel.CreateUnbounded<string>();
    private LedgerWriter _ledger = null!;
    private ActorCrashes _crashes = null!;
    private JobHost _host = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string> Kinds() => [.. ActorKind.All.Select(kind => kind.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_actor_of_each_kind_crashes_is_treated_as_the_architecture_says_and_jobs_go_on(string name)
    {
        await StartAsync();
        await RunAJobAsync("before"); // the first job gives its queue a worker

        _crashes.Set(ActorCrashes.CrashLine(7, name));
        var line = await HeardAsync();
        await RunAJobAsync("after");

        Assert.True(ActorCrashes.TryRead(line, out var number, out var crash), line);
        Assert.Equal(7, number);
        Assert.EndsWith($": {ActorKind.Find(name)!.Rule}", crash, StringComparison.Ordinal);
        var crashed = Assert.Single((await LedgerAsync()).OfType<HistoryEvent.ActorCrashed>());
        Assert.Equal(("worker-1.1", name), (crashed.Process, crashed.Kind));
        Assert.StartsWith(crashed.Actor, crash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loss_of_the_memory_is_written_down_where_the_tree_starts_anew()
    {
        await StartAsync();

        await CrashAsync("monitor");
        await CrashAsync("consumer");
        await RunAJobAsync("after");

        Assert.Single((await LedgerAsync()).OfType<HistoryEvent.ActorsRestarted>());
    }

    [Fact]
    public async Task A_mutant_decides_what_becomes_of_a_part_of_the_tree()
    {
        await StartAsync(new RunnerResumed());

        await CrashAsync("runner");
        await CrashAsync("runner");
        await RunAJobAsync("after");

        var ledger = await LedgerAsync();
        Assert.Equal(2, ledger.OfType<HistoryEvent.ActorCrashed>().Count());
        Assert.Empty(ledger.OfType<HistoryEvent.ActorsRestarted>());
    }

    [Fact]
    public async Task Who_is_spared_does_not_crash()
    {
        await StartAsync();

        _crashes.Set(ActorCrashes.CrashLine(1, "runner"));
        _crashes.Set(ActorCrashes.SpareLine(1));
        await RunAJobAsync("after");

        Assert.Empty((await LedgerAsync()).OfType<HistoryEvent.ActorCrashed>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("crash")]
    [InlineData("crash 1 guardian")]
    [InlineData("crash one runner")]
    [InlineData("throw 1")]
    public async Task What_is_no_command_is_ignored(string command)
    {
        await StartAsync();

        _crashes.Set(command);
        await RunAJobAsync("after");

        Assert.Empty((await LedgerAsync()).OfType<HistoryEvent.ActorCrashed>());
    }

    private async Task StartAsync(Mutant? mutant = null)
    {
        _ledger = new LedgerWriter(_folder.Path, "worker-1.1", TimeProvider.System);
        _crashes = new ActorCrashes(
            "worker-1.1", mutant, _ledger, line => _told.Writer.TryWrite(line), TimeProvider.System);
        _host = new JobSystemBuilder()
            .UseInMemory()
            .UseActorFaults(_crashes)
            .AddQueue("q")
            .AddHandler<string>("note", (text, _, _) =>
            {
                _ran.Writer.TryWrite(text);
                return Task.CompletedTask;
            }, job => job.Queue("q"))
            .Start();
        _crashes.Watch(_host.Guardian);
        await _host.Ready.WaitAsync(_patience);
    }

    private async Task CrashAsync(string kind)
    {
        _crashes.Set(ActorCrashes.CrashLine(1, kind));
        await HeardAsync();
    }

    private async Task<string> HeardAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(_patience);

    /// <summary>In a tree that starts anew an enqueue may get no answer, or a job run again.</summary>
    private async Task RunAJobAsync(string text)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(text);
        while (await _host.Client.TryEnqueueAsync(body, new EnqueueOptions { Type = "note", Queue = "q" })
            is not EnqueueResult.Confirmed)
        {
        }

        while (await _ran.Reader.ReadAsync().AsTask().WaitAsync(_patience) != text)
        {
        }
    }

    private async Task<IReadOnlyList<HistoryEvent>> LedgerAsync()
    {
        await _host.DisposeAsync();
        _ledger.Dispose();
        return [.. new LedgerFolder(_folder.Path).Select(entry => entry.Event)];
    }
}
