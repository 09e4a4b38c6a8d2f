using JobSystem.Testing.Probes;
using JobSystem.Transports;
using Xunit;
using Xunit.Abstractions;

namespace JobSystem.Sqlite.Tests;

/// <summary>
/// THE promise, on a file: whichever process is killed at whichever moment, each job that was confirmed is finished
/// or dead-lettered. The ledger is what the processes have said, outside of the file.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string Queue = "work";
    private const int Kills = 300;

    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(75);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(4711);
    private readonly List<ChildProcess> _all = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_is_killed_whenever_no_confirmed_job_is_lost()
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var producers = Enumerable.Range(0, 3).Select(_ => StartProducer()).ToList();
        var workers = Enumerable.Range(0, 3).Select(_ => StartWorker()).ToList();
        var kills = 0;
        while (kills < Kills && clock.GetElapsedTime(started) < _longest)
        {
            var (kind, restart) = kills % 2 == 0
                ? (workers, (Func<ChildProcess>)StartWorker)
                : (producers, StartProducer);
            var victim = kind[0];
            kind.RemoveAt(0);
            kind.Add(restart());

            // The eldest: it is at work when it has said something. Then any moment may be its last.
            await victim.Lines.CountAsync(1, "a sign of life");
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(0, 40)), clock);
            await victim.KillAsync();
            kills++;
        }

        foreach (var child in producers.Concat(workers))
        {
            await child.KillAsync();
        }

        var lost = await FindLostAsync();
        output.WriteLine($"{kills + producers.Count + workers.Count} kills in " +
            $"{clock.GetElapsedTime(started).TotalSeconds:0} s: " +
            $"{Said("confirmed").Count} jobs confirmed, " +
            $"{Said("ran").Count} run, {lost.Count} lost");
        Assert.Empty(lost);
        Assert.NotEmpty(Said("confirmed"));
        Assert.True(kills >= 20, $"Only {kills} kills were made: too few to show anything.");
        foreach (var child in _all)
        {
            await child.DisposeAsync();
        }
    }

    /// <summary>
    /// Lets a last worker finish what is left. What is neither run nor a dead letter when nothing has moved for the
    /// whole deadline is lost.
    /// </summary>
    private async Task<IReadOnlyList<string>> FindLostAsync()
    {
        var last = StartWorker();
        await last.SaidAsync("ready");
        await using var desk = await Desk.OpenAsync(_folder.File());
        await desk.Connection.DeclareAsync(new QueueDeclaration(Queue));
        await using var pull = await desk.Connection.OpenPullAsync();
        var missing = Said("confirmed").Except(Said("ran")).ToHashSet();
        var moved = TimeProvider.System.GetTimestamp();
        while (missing.Count > 0 && TimeProvider.System.GetElapsedTime(moved) < Sightings<int>.Deadline)
        {
            var before = missing.Count;
            missing.ExceptWith(Said("ran"));
            if (await pull.GetAsync(Lanes.NameOf(Queue, Lane.Dead)) is { } letter)
            {
                missing.Remove(letter.Job.Id.Value);
            }

            moved = missing.Count < before ? TimeProvider.System.GetTimestamp() : moved;
        }

        await last.TellAsync("drain");
        await last.SaidAsync("drained True");
        await last.EndedAsync();
        return [.. missing];
    }

    /// <summary>The ids behind a word in anything that any process has said.</summary>
    private HashSet<string> Said(string word) => [.. _all.SelectMany(child => child.Lines.All)
        .Select(line => line.Split(' ')).Where(parts => parts[0] == word).Select(parts => parts[1])];

    private ChildProcess StartProducer() => Start("enqueue", _folder.File(), Queue, "4", $"{int.MaxValue}");

    private ChildProcess StartWorker() => Start("work", _folder.File(), Queue, "8");

    private ChildProcess Start(params string[] arguments)
    {
        var child = ChildProcess.Start(arguments);
        _all.Add(child);
        return child;
    }
}
