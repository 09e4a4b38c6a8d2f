using System.Globalization;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// Handlers of all workers go wrong in a share of the runs: they throw, they hang until their time is up, or they kill
/// their own process between the effect and its settlement (the one place that must make a duplicate). Workers that
/// start meanwhile are told, too. Proven by the first job that is hit.
/// </summary>
internal sealed class HandlerFailure(
    string failpoint, double share, TimeSpan duration, IFleet fleet, TimeProvider clock) : Fault
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);
    private long _hitsBefore;

    public static FaultKind ThrowKind { get; } = Create(
        "handler-throw", "Handlers throw.", FailpointSet.Throw, "5%");

    public static FaultKind HangKind { get; } = Create(
        "handler-hang", "Handlers hang until the job's timeout.", FailpointSet.Hang, "1%");

    public static FaultKind ExitKind { get; } = Create(
        "handler-exit", "Handlers kill their own process after the work is done, before the ack.",
        FailpointSet.Exit, "0.5%");

    public override string Victim =>
        $"{(share * 100).ToString("0.##", CultureInfo.InvariantCulture)} % of the runs of every worker";

    public override TimeSpan Duration => duration;

    public override Task InjectAsync(CancellationToken cancel)
    {
        _hitsBefore = fleet.HitsOf(failpoint);
        return fleet.SetFailpointAsync(failpoint, share);
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        try
        {
            return await Evidence.SeenAsync(
                clock,
                "a job that was hit",
                _deadline,
                _ => Task.FromResult(fleet.HitsOf(failpoint) == _hitsBefore ? null : "a job was hit"),
                cancel);
        }
        catch (FaultException)
        {
            throw new NoOccasionException("No job began that it could have hit.");
        }
    }

    public override Task HealAsync(CancellationToken cancel) => fleet.SetFailpointAsync(failpoint, 0);

    private static FaultKind Create(string name, string about, string failpoint, string share) => new(
        name, about,
        [
            new FaultSetting("share", share, "Of the runs.", new SettingType.Share()),
            FaultSetting.Duration("for", "5s", "How long."),
        ],
        TargetPowers.None,
        (arguments, context) => new HandlerFailure(
            failpoint, arguments.Share("share"), arguments.Duration("for"), context.Fleet, context.Clock));
}
