using System.Diagnostics;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Terminal.Processes;
using Xunit;

namespace JobSystem.Chaos.Tests.Fleets;

public sealed class FleetMemberTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly List<string> _told = [];
    private readonly TaskCompletionSource _toldOnce = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_was_only_starting_when_it_was_asked_to_end_did_nothing_wrong()
    {
        var (member, _, ledger) = Open("exec sleep 60");
        using (ledger)
        await using (member)
        {
            Assert.True(await member.StopAsync());
        }
    }

    [Fact]
    public async Task A_process_that_took_part_and_died_of_being_asked_did()
    {
        var (member, process, ledger) = Open("echo ready; exec sleep 60");
        using (ledger)
        await using (member)
        {
            Assert.True(await process.Ready);
            Assert.False(await member.StopAsync());
        }
    }

    [Fact]
    public async Task A_process_that_was_killed_before_it_was_asked_did_nothing_wrong()
    {
        var (member, process, ledger) = Open("echo ready; exec sleep 60", TimeSpan.FromMinutes(5));
        using (ledger)
        await using (member)
        {
            Assert.True(await process.Ready);
            process.Signal(Posix.SigKill);
            Assert.Equal(137, await process.Exited);

            Assert.True(await member.StopAsync());
        }

        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_seat_that_is_closed_is_not_taken_again()
    {
        var (member, process, ledger) = Open("echo ready; exec sleep 60");
        using (ledger)
        await using (member)
        {
            Assert.True(await process.Ready);
            process.Signal(Posix.SigKill);
            await member.StopAsync();
            await member.Done;

            Assert.True(member.Current!.Exited.IsCompleted);
        }
    }

    [Theory]
    [InlineData("kill -9 $$", "worker-1.1 ended by itself with 137")]
    [InlineData("exit 0", "worker-1.1 ended by itself with 0")]
    [InlineData("exit 3", "worker-1.1 ended by itself with 3")]
    public async Task A_process_that_ends_unasked_is_told_whatever_its_exit_code(string script, string told)
    {
        var (member, process, ledger) = Open($"echo ready; {script}", TimeSpan.FromMinutes(5));
        using (ledger)
        await using (member)
        {
            await process.Exited;
            await _toldOnce.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.StartsWith(told, Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_a_failpoint_kills_ended_as_it_was_asked_to()
    {
        var (member, process, ledger) = Open($"echo ready; echo {FailpointSet.KillLine}; kill -9 $$");
        using (ledger)
        await using (member)
        {
            Assert.Equal(137, await process.Exited);
            Assert.True(process.WasKilled);
        }

        Assert.Empty(_told);
        Assert.Contains(new HistoryEvent.EndExpected("worker-1.1"), Ledger());
    }

    [Fact]
    public async Task A_process_that_ends_by_itself_is_not_expected_to_in_the_ledger()
    {
        var (member, process, ledger) = Open("echo ready; kill -9 $$", TimeSpan.FromMinutes(5));
        using (ledger)
        await using (member)
        {
            await process.Exited;
            await _toldOnce.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Contains(new HistoryEvent.WorkerKilled("worker-1.1"), Ledger());
        Assert.DoesNotContain(new HistoryEvent.EndExpected("worker-1.1"), Ledger());
    }

    private List<HistoryEvent> Ledger() => [.. new LedgerFolder(_folder.Path).Select(entry => entry.Event)];

    private (FleetMember Member, FleetProcess Process, LedgerWriter Ledger) Open(
        string script, TimeSpan respawn = default)
    {
        var ledger = new LedgerWriter(_folder.Path, "controller", TimeProvider.System);
        var member = new FleetMember(
            "worker-1", false,
            life => new FleetProcess("worker-1", life, new ProcessStartInfo("bash", ["-c", script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            }, static _ => { }),
            new FleetMemberContext(
                ledger, _folder.Path, respawn, 5, Tell, static _ => { }, TimeProvider.System));
        member.Open();
        return (member, member.Current!, ledger);
    }

    private void Tell(string text)
    {
        _told.Add(text);
        _toldOnce.TrySetResult();
    }
}
