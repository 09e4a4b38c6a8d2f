using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// SIGTERM to a worker: it drains, gives back what it has not begun and ends with 0; the fleet starts another life.
/// Proven by that exit code.
/// </summary>
internal sealed class WorkerTerm(IFleetProcess victim, TimeProvider clock) : Fault
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(90);

    public static FaultKind Kind { get; } = new(
        "worker-term", "A worker is asked to end (SIGTERM), as in a rolling deploy, and must drain.", [],
        TargetPowers.None, static (_, context) => new WorkerTerm(Workers.Victim.Worker(context), context.Clock));

    public override string Victim => Workers.Victim.Describe(victim);

    public override Task InjectAsync(CancellationToken cancel)
    {
        victim.Signal(Posix.SigTerm);
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        try
        {
            var exitCode = await victim.Exited.WaitAsync(_grace, clock, cancel);
            return exitCode == 0 ? "it drained"
                : exitCode == 128 + Posix.SigKill ? "a handler killed it while it drained"
                : throw new FaultException($"{victim.Name} ended with {exitCode}.");
        }
        catch (TimeoutException)
        {
            throw new FaultException($"{victim.Name} had not drained {_grace.TotalSeconds:0} s after SIGTERM.");
        }
    }
}
