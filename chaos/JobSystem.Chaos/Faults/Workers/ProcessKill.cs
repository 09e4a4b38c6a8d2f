using System.Globalization;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Targets;
using JobSystem.Terminal.Processes;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// SIGKILL to a process of the fleet: no word, no drain; the kernel closes its sockets. The fleet starts another life.
/// Proven by its exit code.
/// </summary>
internal sealed class ProcessKill(IFleetProcess victim, TimeProvider clock) : Fault
{
    private const int Killed = 128 + Posix.SigKill;
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    public static FaultKind WorkerKind { get; } = new(
        "worker-kill", "A worker process is killed (SIGKILL) while it runs jobs.", [], TargetPowers.None,
        static (_, context) => new ProcessKill(Workers.Victim.Worker(context), context.Clock));

    public static FaultKind ProducerKind { get; } = new(
        "producer-kill", "A producer process is killed (SIGKILL) with enqueues in flight.", [], TargetPowers.None,
        static (_, context) => new ProcessKill(Workers.Victim.Producer(context), context.Clock));

    public override string Victim => Workers.Victim.Describe(victim);

    public override Task InjectAsync(CancellationToken cancel)
    {
        victim.Signal(Posix.SigKill);
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        var exitCode = await victim.Exited.WaitAsync(_deadline, clock, cancel);
        return exitCode == Killed
            ? $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}"
            : throw new NoOccasionException($"{victim.Name} had ended with {exitCode} before SIGKILL came.");
    }
}
