using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Reverting;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// SIGSTOP to a worker, SIGCONT later. Shorter than the heartbeat it is only late; longer, the broker gives its jobs
/// to others while it still believes to hold them, and when it wakes it must not run what is no longer its own.
/// Proven by the state of the process.
/// </summary>
internal sealed class WorkerPause(IFleetProcess victim, TimeSpan duration, TimeProvider clock) : Fault
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    public static FaultKind Kind { get; } = new(
        "worker-pause", "A worker process is frozen (SIGSTOP) and resumed (SIGCONT).",
        [FaultSetting.Duration("for", "2s", "How long. Beyond two heartbeats its jobs are given to others.")],
        TargetPowers.None,
        static (arguments, context) =>
            new WorkerPause(Workers.Victim.Worker(context), arguments.Duration("for"), context.Clock));

    public override string Victim => Workers.Victim.Describe(victim);

    public override TimeSpan Duration => duration;

    public override IReadOnlyList<Revert> Revert =>
        [new Revert.Signal(victim.Pid, victim.Birth, Continue, $"wakes {victim.Name}")];

    public override Task InjectAsync(CancellationToken cancel)
    {
        victim.Signal(Stop);
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        while (StateOf(victim.Pid) != 'T')
        {
            if (victim.Exited.IsCompleted)
            {
                throw new NoOccasionException($"{victim.Name} had ended before SIGSTOP came.");
            }

            if (clock.GetElapsedTime(began) > _deadline)
            {
                throw new FaultException($"{victim.Name} did not stop on SIGSTOP.");
            }

            await Task.Delay(_pause, clock, cancel);
        }

        return "the process is stopped";
    }

    public override Task HealAsync(CancellationToken cancel)
    {
        victim.Signal(Continue);
        return Task.CompletedTask;
    }

    private static char StateOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return ' ';
        }
    }
}
