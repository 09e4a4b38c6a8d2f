using System.Diagnostics;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Ledgers;
using Xunit;

namespace JobSystem.Chaos.Tests.Fleets;

public sealed class SeatTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_was_only_starting_when_it_was_asked_to_end_did_nothing_wrong()
    {
        var (seat, _, ledger) = Open("exec sleep 60");
        using (ledger)
        await using (seat)
        {
            Assert.True(await seat.StopAsync());
        }
    }

    [Fact]
    public async Task A_process_that_took_part_and_died_of_being_asked_did()
    {
        var (seat, process, ledger) = Open("echo ready; exec sleep 60");
        using (ledger)
        await using (seat)
        {
            Assert.True(await process.Ready);
            Assert.False(await seat.StopAsync());
        }
    }

    private (Seat Seat, FleetProcess Process, LedgerWriter Ledger) Open(string script)
    {
        var ledger = new LedgerWriter(_folder.Path, "controller", TimeProvider.System);
        var seat = new Seat(
            "worker-1", false,
            life => new FleetProcess("worker-1", life, new ProcessStartInfo("bash", ["-c", script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            }, static _ => { }),
            new SeatSurroundings(
                ledger, _folder.Path, TimeSpan.Zero, 1, static _ => { }, static _ => { }, TimeProvider.System));
        seat.Open();
        return (seat, seat.Current!, ledger);
    }
}
