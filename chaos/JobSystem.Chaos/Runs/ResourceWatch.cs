using System.Globalization;
using System.Text.RegularExpressions;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Processes;
using JobSystem.Chaos.Targets;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;

namespace JobSystem.Chaos.Runs;

/// <summary>
/// Looks at what every process of the fleet uses, again and again, and writes it into the ledger: once a second at
/// first, later seldomer, so that a run of a day has 2,000 looks. In a soak at the broker, too, where it can be asked:
/// at most every 30 s, because that costs it half a second of a processor.
/// Promises: a look that fails harms nothing; it is missing. Ends: when disposed of, or after its last look.
/// </summary>
internal sealed partial class ResourceWatch(IFleet fleet, ITarget target, LedgerWriter ledger, TimeProvider clock)
    : IAsyncDisposable
{
    private const double LooksOfAge = 300;
    private const double BrokerLooksOfAge = 200;

    private const string AskBroker =
        "C = [N || [{channels, N}] <- rabbit_networking:connection_info_all([channels]), is_integer(N)], " +
        "{erlang:memory(total), length(C), lists:sum(C)}.";

    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _shortestOfBroker = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private Task _looks = Task.CompletedTask;

    /// <summary>Looks now, before the load, and from then on again and again.</summary>
    /// <param name="isSoak">At the broker, too.</param>
    public void Start(bool isSoak)
    {
        Look();
        _looks = Task.WhenAll(
            RepeatAsync(_shortest, LooksOfAge, LookAsync),
            isSoak && (target.Powers & TargetPowers.Control) != 0
                ? RepeatAsync(_shortestOfBroker, BrokerLooksOfAge, LookAtBrokerAsync)
                : Task.CompletedTask);
    }

    /// <summary>Looks for the last time.</summary>
    public async Task EndAsync()
    {
        await StopAsync();
        Look();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>What the broker says of itself.</summary>
    internal static HistoryEvent.BrokerSampled? In(string answer) => Answer().Match(answer) is { Success: true } match
        ? new HistoryEvent.BrokerSampled(Number(match, 1), (int)Number(match, 2), (int)Number(match, 3))
        : null;

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _looks;
    }

    private void Look()
    {
        foreach (var process in fleet.Workers.Concat(fleet.Producers))
        {
            if (ProcessStat.Of(process.Name, process.Pid, process.Birth) is { } sample)
            {
                ledger.Add(sample);
            }
        }
    }

    private Task LookAsync()
    {
        Look();
        return Task.CompletedTask;
    }

    private async Task LookAtBrokerAsync()
    {
        try
        {
            if (In(await target.ControlAsync(1, ["-q", "eval", AskBroker], _stop.Token)) is { } sample)
            {
                ledger.Add(sample);
            }
        }
        catch (TargetException)
        {
            // a fault has just broken it
        }
    }

    private async Task RepeatAsync(TimeSpan shortest, double looks, Func<Task> look)
    {
        var began = clock.GetTimestamp();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await look();
                var pause = clock.GetElapsedTime(began) / looks;
                await Task.Delay(pause > shortest ? pause : shortest, clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // told to
        }
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\{(\d{1,15}),(\d{1,7}),(\d{1,7})\}\s*$")]
    private static partial Regex Answer();
}
