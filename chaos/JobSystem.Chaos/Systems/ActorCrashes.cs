using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Actor.Internal;
using JobSystem.Actors;
using JobSystem.Chaos.Failpoints;
using JobSystem.Chaos.Mutants;
using JobSystem.Chaos.Verification.Histories;
using JobSystem.Chaos.Verification.Ledgers;
using JobSystem.Processing;

namespace JobSystem.Chaos.Systems;

/// <summary>
/// Where the actors of a worker fail on purpose: told to, the first actor of a kind that is about to receive a message
/// throws instead. One that hears nothing is woken up after a while.
/// Promises: a crash is in the ledger before its actor throws, and told when the parent has decided what follows.
/// </summary>
/// <param name="process">The life of the worker.</param>
/// <param name="mutant">May decide otherwise than the parent; null: nobody does.</param>
/// <param name="ledger">Of the worker.</param>
/// <param name="tell">Takes a line for the controller.</param>
/// <param name="timeProvider">For the while.</param>
internal sealed class ActorCrashes(
    string process, Mutant? mutant, LedgerWriter ledger, Action<string> tell, TimeProvider timeProvider) : IActorFaults
{
    private static readonly TimeSpan _silence = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly List<(int Number, ActorKind Kind)> _armed = [];
    private readonly ConcurrentDictionary<ActorPath, int> _thrown = new();
    private IActorRef? _guardian;
    private volatile bool _isRestarting;
    private int _count;

    /// <summary>To a worker: crash one of this kind.</summary>
    public static string CrashLine(int number, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"crash {number} {kind}");

    /// <summary>To a worker: crash none any more.</summary>
    public static string SpareLine(int number) => string.Create(CultureInfo.InvariantCulture, $"spare {number}");

    /// <summary>From a worker: <c>crashed NUMBER PATH: RULE</c>, the rule of its parent.</summary>
    public static bool TryRead(string line, out int number, out string crash)
    {
        (number, crash) = (0, "");
        if (line.Split(' ', 3) is not ["crashed", var word, var rest]
            || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        crash = rest;
        return true;
    }

    /// <summary>Whose children are woken up.</summary>
    public void Watch(IActorRef guardian) => _guardian = guardian;

    /// <summary>A line of the controller; what is no command of these is ignored.</summary>
    public void Set(string command)
    {
        switch (command.Split(' '))
        {
            case ["crash", var word, var name] when TryNumber(word, out var number)
                && ActorKind.Find(name) is { } kind:
                Arm(number, kind);
                break;
            case ["spare", var word] when TryNumber(word, out var number):
                Disarm(number);
                break;
        }
    }

    public void BeforeReceive(Type actor)
    {
        if (_isRestarting && actor == typeof(JobSystemGuardian))
        {
            // All that the guardian hears from its tree: the pause is over, the parts are restarted next.
            _isRestarting = false;
            ledger.Add(new HistoryEvent.ActorsRestarted(process));
        }

        if (Volatile.Read(ref _count) == 0 || TryTake(actor) is not { } crash)
        {
            return;
        }

        var path = InternalCurrentActorCellKeeper.Current!.Self.Path;
        ledger.Add(new HistoryEvent.ActorCrashed(process, crash.Kind.Name, path.ToStringWithoutAddress()));
        _thrown[path] = crash.Number;
        _isRestarting |= crash.Kind.IsOfGroup;
        throw new ActorCrashException($"The {crash.Kind.Name} crashes, as the experiment says.");
    }

    public Directive Decide(ActorPath child, Directive rule)
    {
        if (_thrown.TryRemove(child, out var number))
        {
            tell(string.Create(
                CultureInfo.InvariantCulture, $"crashed {number} {child.ToStringWithoutAddress()}: {rule}"));
        }

        return mutant?.Decide(child, rule) ?? rule;
    }

    private void Arm(int number, ActorKind kind)
    {
        lock (_gate)
        {
            _armed.Add((number, kind));
            _count = _armed.Count;
        }

        _ = WakeAsync(number, kind);
    }

    private void Disarm(int number)
    {
        lock (_gate)
        {
            _armed.RemoveAll(crash => crash.Number == number);
            _count = _armed.Count;
        }
    }

    private (int Number, ActorKind Kind)? TryTake(Type actor)
    {
        lock (_gate)
        {
            var index = _armed.FindIndex(crash => crash.Kind.Type == actor);
            if (index < 0)
            {
                return null;
            }

            var crash = _armed[index];
            _armed.RemoveAt(index);
            _count = _armed.Count;
            return crash;
        }
    }

    /// <summary>A connection hears nothing for as long as it holds. What wakes it up means nothing to it.</summary>
    private async Task WakeAsync(int number, ActorKind kind)
    {
        var path = kind.Paths[number % kind.Paths.Count];
        do
        {
            await Task.Delay(_silence, timeProvider);
            if (_guardian is not null && IsArmed(number))
            {
                new ActorSelection(_guardian, path).Tell(WakeUp.Instance, ActorRefs.NoSender);
            }
        }
        while (IsArmed(number));
    }

    private bool IsArmed(int number)
    {
        lock (_gate)
        {
            return _armed.Exists(crash => crash.Number == number);
        }
    }

    private static bool TryNumber(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private sealed class WakeUp
    {
        public static WakeUp Instance { get; } = new();
    }
}

/// <summary>What an actor throws that was told to crash.</summary>
internal sealed class ActorCrashException(string message) : Exception(message);
