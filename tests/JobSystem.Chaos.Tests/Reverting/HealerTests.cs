// The healer, with real little programs as undos.
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Reverting;
using Xunit;

namespace JobSystem.Chaos.Tests.Reverting;

public sealed class HealerTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<string> _reported = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_newest_fault_is_undone_first_and_each_in_the_order_it_says()
    {
        using var journal = Open();
        journal.Begin(1, "older", TimeSpan.FromMinutes(1), [Writes("3"), Writes("4")]);
        journal.Begin(2, "newer", TimeSpan.FromMinutes(1), [Writes("1"), Writes("2")]);

        Assert.Empty(await HealAsync());

        Assert.Equal(["1", "2", "3", "4"], await File.ReadAllLinesAsync(_folder.File("undone")));
        Assert.Equal(4, _reported.Count);
    }

    [Fact]
    public async Task What_was_undone_is_not_undone_again()
    {
        using var journal = Open();
        journal.Begin(1, "once", TimeSpan.FromMinutes(1), [Writes("1")]);

        await HealAsync();
        await HealAsync();

        Assert.Equal(["1"], await File.ReadAllLinesAsync(_folder.File("undone")));
    }

    [Fact]
    public async Task What_cannot_be_undone_is_told_and_stays_and_keeps_nothing_else_from_it()
    {
        using var journal = Open();
        journal.Begin(1, "good", TimeSpan.FromMinutes(1), [Writes("1")]);
        journal.Begin(
            2, "bad", TimeSpan.FromMinutes(1), [Shell("echo no such thing >&2; exit 3", "mend it"), Writes("2")]);
        journal.Begin(3, "absent", TimeSpan.FromMinutes(1), [new Revert.Command("/nowhere/at/all", [], "run it")]);

        var left = await HealAsync();

        Assert.Equal(["absent", "bad"], left.Select(one => one.Fault));
        Assert.Equal(new NotReverted("bad", "mend it", "no such thing"), left[1]);
        Assert.Equal(["2", "1"], await File.ReadAllLinesAsync(_folder.File("undone")));
        Assert.Equal(["absent", "bad"], RevertJournal.Unfinished(_folder.Path).Select(fault => fault.Fault));
    }

    [Fact]
    public async Task A_stopped_process_is_woken()
    {
        using var sleeper = await Sleeper.StartAsync();
        sleeper.Stop();
        using var journal = Open();
        journal.Begin(1, "pause", TimeSpan.FromMinutes(1), [sleeper.Wake()]);

        Assert.Empty(await HealAsync());

        await sleeper.IsAwakeAsync();
    }

    [Fact]
    public async Task A_process_of_another_birth_is_not_signalled()
    {
        using var sleeper = await Sleeper.StartAsync();
        using var journal = Open();
        journal.Begin(
            1, "kill", TimeSpan.FromMinutes(1), [new Revert.Signal(sleeper.Pid, sleeper.Birth + 1, 9, "end it")]);

        Assert.Empty(await HealAsync());

        Assert.Equal(sleeper.Birth, ProcessBirth.Of(sleeper.Pid));
    }

    [Fact]
    public async Task A_process_that_has_gone_needs_no_signal()
    {
        Revert wake;
        using (var sleeper = await Sleeper.StartAsync())
        {
            wake = sleeper.Wake();
        }

        using var journal = Open();
        journal.Begin(1, "pause", TimeSpan.FromMinutes(1), [wake]);

        Assert.Empty(await HealAsync());
        Assert.Empty(RevertJournal.Unfinished(_folder.Path));
    }

    private RevertJournal Open() => new RevertJournal(_folder.Path);

    private Task<IReadOnlyList<NotReverted>> HealAsync() =>
        Healer.HealAsync(_folder.Path, _reported.Add, CancellationToken.None);

    private Revert Writes(string line) => Shell($"echo {line} >> '{_folder.File("undone")}'", $"write {line}");

    private static Revert.Command Shell(string script, string why) => new("/bin/sh", ["-c", script], why);
}
