using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Fleets;
using JobSystem.Chaos.Targets;

namespace JobSystem.Chaos.Faults.Workers;

/// <summary>
/// An actor of a worker's process throws on its next message. Its parent must do what ARCHITECTURE.md draws: a worker
/// is restarted, a consumer stopped and opened anew, the parts of the tree restarted together.
/// Proven by the process: which actor threw, and what its parent decided. Nothing is to be undone.
/// A part of the tree crashes only where the budget of restarts has room: else the next process, or the next minute.
/// </summary>
internal sealed class ActorCrash(ActorKind kind, FaultContext context) : Fault
{
    private const string Any = "any";

    // Some pauses of a tree that starts anew, and a broker that is away for a while.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan _budgetPatience = TimeSpan.FromMinutes(2);

    private IFleetProcess? _process;
    private Task<string?>? _crash;

    public static FaultKind Kind { get; } = new(
        "actor-crash", "An actor of a worker's process throws on its next message.",
        [
            new FaultSetting("kind", Any, "Which kind of actor, or any by chance.",
                new SettingType.Choice([Any, .. ActorKind.All.Select(kind => kind.Name)])),
        ],
        TargetPowers.None,
        static (arguments, context) => new ActorCrash(Draw(arguments, context.Random), context));

    public override string Victim => _process is null
        ? $"the {kind.Name} of a worker"
        : $"the {kind.Name} of {Workers.Victim.Describe(_process)}";

    public override async Task PrepareAsync(CancellationToken cancel) => _process = await Evidence.SeenAsync(
        context.Clock, "a worker that is free of other faults and may start anew once more", _budgetPatience,
        _ => Task.FromResult(Workers.Victim.FindWorker(
            context, process => !kind.IsOfGroup || context.Restarts.HasRoom(process.Name, context.Clock.GetUtcNow()))),
        cancel);

    public override Task InjectAsync(CancellationToken cancel)
    {
        _crash = CrashAsync(_process!, cancel);
        return Task.CompletedTask;
    }

    public override async Task<string> ProveAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (await _crash! is { } seen)
            {
                return seen.EndsWith($": {kind.Rule}", StringComparison.Ordinal)
                    ? $"{_process!.Name}: {seen}"
                    : throw new FaultException($"{_process!.Name}: {seen}, but it must be {kind.Rule}.");
            }

            // Another fault ended the process before: the next one.
            await PrepareAsync(cancel);
            await InjectAsync(cancel);
        }
    }

    /// <exception cref="FaultException">None of the kind heard anything.</exception>
    private async Task<string?> CrashAsync(IFleetProcess process, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_patience, context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var crash = await process.CrashActorAsync(kind.Name, either.Token);
            if (kind.IsOfGroup && crash is not null)
            {
                context.Restarts.Spend(process.Name, context.Clock.GetUtcNow());
            }

            return crash;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new FaultException(
                $"No {kind.Name} of {process.Name} heard anything within {_patience.TotalSeconds:0} s.");
        }
    }

    private static ActorKind Draw(FaultArguments arguments, Random random)
    {
        var name = arguments.Choice("kind");
        return ActorKind.Find(name) ?? ActorKind.All[random.Next(ActorKind.All.Count)];
    }
}
