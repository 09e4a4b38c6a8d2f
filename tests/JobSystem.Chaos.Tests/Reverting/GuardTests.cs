// The guard, with a pipe of the test's in place of the controller's.
using System.IO.Pipes;
using JobSystem.Chaos.Reverting;
using Xunit;

namespace JobSystem.Chaos.Tests.Reverting;

public sealed class GuardTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly AnonymousPipeServerStream _controller = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _stdin;

    public GuardTests() => _stdin = new AnonymousPipeClientStream(PipeDirection.In, _controller.ClientSafePipeHandle);

    public void Dispose()
    {
        _controller.Dispose();
        _stdin.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task When_its_pipe_ends_it_wakes_what_the_controller_had_stopped()
    {
        using var sleeper = await Sleeper.StartAsync();
        sleeper.Stop();
        using var journal = new RevertJournal(_folder.Path);
        journal.Begin(1, "pause", TimeSpan.FromHours(1), [sleeper.Wake()]);
        var guard = Guard.RunAsync(_folder.Path, _stdin);

        _controller.Dispose();

        Assert.Equal(0, await guard);
        await sleeper.IsAwakeAsync();
        Assert.Empty(RevertJournal.Unfinished(_folder.Path));
    }

    [Fact]
    public async Task What_is_older_than_its_limit_is_undone_while_the_controller_lives()
    {
        using var sleeper = await Sleeper.StartAsync();
        sleeper.Stop();
        using var journal = new RevertJournal(_folder.Path);
        journal.Begin(1, "pause", TimeSpan.FromMilliseconds(1), [sleeper.Wake()]);
        journal.Begin(2, "younger", TimeSpan.FromHours(1), [new Revert.Command("false", [], "not yet")]);
        var guard = Guard.RunAsync(_folder.Path, _stdin);

        await sleeper.IsAwakeAsync();

        Assert.False(guard.IsCompleted);
        _controller.Dispose();
        Assert.Equal(5, await guard);
        Assert.Equal("younger", Assert.Single(RevertJournal.Unfinished(_folder.Path)).Fault);
    }

    [Fact]
    public async Task A_controller_that_ended_well_leaves_it_nothing_to_do()
    {
        using (var journal = new RevertJournal(_folder.Path))
        {
            journal.Begin(1, "undone", TimeSpan.FromHours(1), [new Revert.Command("false", [], "never")]);
            journal.Done(1);
        }

        var guard = Guard.RunAsync(_folder.Path, _stdin);
        _controller.Dispose();

        Assert.Equal(0, await guard);
    }
}
