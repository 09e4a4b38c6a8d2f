using JobSystem.Chaos.Loads;
using JobSystem.Chaos.Plans;
using JobSystem.Chaos.Systems;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Systems;

public sealed class LoadGeneratorTests : IDisposable
{
    private static readonly TimeProvider _clock = TimeProvider.System;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_client_that_stalls_does_not_hide_how_late_the_jobs_behind_it_are()
    {
        var stall = TimeSpan.FromMilliseconds(200);
        var begin = _clock.GetTimestamp();
        var until = Later(begin, stall);
        var client = new Client(job => job == 1 ? until : 0);

        var events = await RunAsync(client, Load("100:100ms") with { Window = 1 }, begin);

        var intents = events.OfType<HistoryEvent.EnqueueIntended>().ToList();
        Assert.Equal(10, intents.Count);
        Assert.All(Enumerable.Range(1, 9), job => Assert.True(
            intents[job].Late >= stall - TimeSpan.FromMilliseconds(10 * job), $"{job}: {intents[job].Late}"));
        Assert.Equal(10, events.OfType<HistoryEvent.EnqueueConfirmed>().Count());
    }

    [Fact]
    public async Task What_is_due_before_the_one_before_is_answered_is_sent_all_the_same()
    {
        var client = new Client(_ => long.MaxValue);

        var run = RunAsync(client, Load("1000:20ms") with { Window = 20 }, _clock.GetTimestamp());
        await client.Asked(20);
        client.AnswerAll();

        Assert.Equal(20, (await run).OfType<HistoryEvent.EnqueueConfirmed>().Count());
    }

    [Fact]
    public async Task Who_is_later_than_its_patience_gives_up_and_counts_what_was_due()
    {
        var begin = Later(_clock.GetTimestamp(), TimeSpan.FromSeconds(-10));
        var load = Load("100:500ms") with { Patience = TimeSpan.FromSeconds(5) };

        var missed = Assert.Single((await RunAsync(new Client(_ => 0), load, begin))
            .OfType<HistoryEvent.EnqueuesMissed>());

        Assert.Equal(50, missed.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(490), missed.First - missed.Last);
        Assert.True(missed.Last >= TimeSpan.FromMilliseconds(9500));
    }

    [Fact]
    public async Task Who_is_told_to_stop_counts_what_was_due_and_not_what_was_not()
    {
        var load = Load("100:1h") with { Window = 1 };
        var client = new Client(_ => long.MaxValue);
        using var stop = new CancellationTokenSource();

        var run = RunAsync(client, load, Later(_clock.GetTimestamp(), TimeSpan.FromSeconds(-1)), stop: stop.Token);
        await client.Asked(1);
        await stop.CancelAsync();
        client.AnswerAll();
        var events = await run;

        Assert.Single(events.OfType<HistoryEvent.EnqueueIntended>());
        Assert.InRange(Assert.Single(events.OfType<HistoryEvent.EnqueuesMissed>()).Count, 100, 3000);
    }

    [Fact]
    public async Task A_later_life_goes_on_where_the_one_before_it_was()
    {
        var events = await RunAsync(
            new Client(_ => 0), Load("1000:100ms"), Later(_clock.GetTimestamp(), TimeSpan.FromSeconds(-2)), done: 60);

        var intents = events.OfType<HistoryEvent.EnqueueIntended>().ToList();
        Assert.Equal(40, intents.Count);
        Assert.Equal("p.2-000061", intents[0].Job.Value);
        Assert.True(intents[0].Late >= TimeSpan.FromMilliseconds(1900));
    }

    [Fact]
    public async Task A_defect_ends_the_load_with_its_error()
    {
        var client = new Client(_ => throw new InvalidTimeZoneException("a defect"));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => RunAsync(client, Load("100:1h"), _clock.GetTimestamp()));
    }

    private async Task<List<HistoryEvent>> RunAsync(
        Client client, WorkloadPlan load, long begin, int done = 0, CancellationToken stop = default)
    {
        var settings = new SystemSettings
        {
            Seed = 1, LedgerFolder = _folder.Path, Fleet = new FleetPlan(), Workload = load,
            SystemUnderTest = new SystemPlan(),
        };
        using (var ledger = new LedgerWriter(_folder.Path, "p.2", _clock))
        using (var generator = new LoadGenerator("p.2", client, settings, ledger, _clock))
        {
            await generator.RunAsync(0, done, begin, stop);
        }

        return [.. new LedgerFolder(_folder.Path).Select(entry => entry.Event)];
    }

    private static WorkloadPlan Load(string rate) =>
        RateText.TryParse(rate, out var plan)
            ? new WorkloadPlan { Rate = plan, Jobs = (int)plan.Jobs! }
            : throw new FormatException(rate);

    private static long Later(long timestamp, TimeSpan by) =>
        timestamp + (long)(by.TotalSeconds * _clock.TimestampFrequency);

    /// <summary>Answers the job with a number when the time has come, at the latest when it is told to.</summary>
    private sealed class Client(Func<int, long> answerAt) : ITestedProducer
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _asked = new(0);
        private int _jobs;

        public async Task Asked(int times)
        {
            for (var time = 0; time < times; time++)
            {
                await _asked.WaitAsync();
            }
        }

        public void AnswerAll() => _answer.SetResult();

        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

        public async Task<EnqueueResult> EnqueueAsync(JobId job, string queue, byte[] body)
        {
            _asked.Release();
            var at = answerAt(++_jobs);
            await (at == long.MaxValue
                ? _answer.Task
                : Task.Run(() => Metronome.WaitUntil(at, CancellationToken.None)));
            return new EnqueueResult.Confirmed(job);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
