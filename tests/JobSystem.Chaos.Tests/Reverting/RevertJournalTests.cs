// The journal of undoing as the disk has it: what a killed controller leaves behind is read again.
using JobSystem.Chaos.Reverting;
using Xunit;

namespace JobSystem.Chaos.Tests.Reverting;

public sealed class RevertJournalTests : IDisposable
{
    private static readonly Revert _command = new Revert.Command("docker", ["unpause", "a b", "\"c\""], "thaw it");
    private static readonly Revert _signal = new Revert.Signal(4711, 123456789012, 18, "wake it");

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_begun_and_not_done_is_unfinished_the_newest_first()
    {
        using var journal = Open();
        journal.Begin(1, "one", TimeSpan.FromSeconds(1), []);
        journal.Begin(2, "two", TimeSpan.FromSeconds(2), [_command]);
        journal.Begin(3, "three", TimeSpan.FromSeconds(3), [_signal]);
        journal.Done(1);

        Assert.Equal(["three", "two"], Unfinished());
    }

    [Fact]
    public void An_undo_comes_back_as_it_was_written()
    {
        using (var journal = Open())
        {
            journal.Begin(1, "both", TimeSpan.FromSeconds(90), [_command, _signal]);
        }

        var fault = Assert.Single(RevertJournal.Unfinished(_folder.Path));

        var command = Assert.IsType<Revert.Command>(fault.Undos[0]);
        Assert.Equal(("docker", "thaw it"), (command.Program, command.Why));
        Assert.Equal(["unpause", "a b", "\"c\""], command.Arguments);
        Assert.Equal(_signal, fault.Undos[1]);
        Assert.Equal(90_000, fault.LimitMs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    public void A_torn_last_line_harms_no_other(int kept)
    {
        using (var journal = Open())
        {
            journal.Begin(1, "whole", TimeSpan.FromSeconds(1), [_command]);
            journal.Begin(2, "torn", TimeSpan.FromSeconds(1), [_command]);
        }

        var path = _folder.File(RevertJournal.FileName);
        var bytes = File.ReadAllBytes(path);
        var secondLine = Array.IndexOf(bytes, (byte)'\n') + 1;
        File.WriteAllBytes(path, bytes[..(secondLine + kept)]);
        Assert.Equal(["whole"], Unfinished());

        using var again = Open();
        again.Begin(3, "next", TimeSpan.FromSeconds(1), []);
        again.Done(1);

        Assert.Equal(["next"], Unfinished());
    }

    [Fact]
    public void A_line_is_in_the_file_when_the_call_returns()
    {
        using var journal = Open();

        journal.Begin(1, "seen by others", TimeSpan.FromSeconds(1), []);

        Assert.Equal(["seen by others"], Unfinished());
    }

    [Fact]
    public void A_folder_without_a_journal_has_nothing_to_undo() => Assert.Empty(Unfinished());

    private RevertJournal Open() => new RevertJournal(_folder.Path);

    private IEnumerable<string> Unfinished() => RevertJournal.Unfinished(_folder.Path).Select(fault => fault.Fault);
}
