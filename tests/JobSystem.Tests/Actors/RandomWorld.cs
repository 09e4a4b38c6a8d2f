using System.Collections.Concurrent;
using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>
/// A tree of actors that do everything the kernel offers, at random from a seed: tell, spawn, stop, fail in every
/// place, watch, set timers, pipe. It keeps the ledger of all messages and notes every broken rule. It runs on any
/// dispatcher; each hop has a time to live, so it comes to rest.
/// </summary>
internal sealed class RandomWorld
{
    private const int MaxNodes = 40;
    private const int MaxMessages = 20_000;
    private readonly RandomNode?[] _nodes = new RandomNode?[MaxNodes];
    private readonly int[] _received = new int[MaxMessages];
    private readonly int[] _dead = new int[MaxMessages];
    private readonly TaskCompletionSource _atRest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _nodeCount;
    private int _told;
    private int _pending = 1;

    public RandomWorld(ulong seed, IDispatcher dispatcher)
    {
        Seed = seed;
        Calm = seed % 4 == 0;
        Hardy = seed % 2 == 1;
        System = new ActorSystem("world", new ActorSystemOptions
        {
            Dispatcher = dispatcher,
            Supervision = Hardy
                ? Strategy(SupervisionScope.OneForOne) with
                {
                    Decider = _ => Directive.Restart,
                    Budget = new RestartBudget(RandomNode.ManyRestarts, TimeSpan.FromDays(1)),
                }
                : Strategy(SupervisionScope.OneForOne),
            OnDeadLetter = Bury,
        });
    }

    public ulong Seed { get; }

    /// <summary>A world without failures and stops: every message must be received.</summary>
    public bool Calm { get; }

    /// <summary>A world whose root never gives up, so that its actors live long.</summary>
    public bool Hardy { get; }

    public ActorSystem System { get; }

    public ConcurrentQueue<string> Violations { get; } = [];

    /// <summary>Ends when every message that was told is received or a dead letter.</summary>
    public Task AtRest => _atRest.Task;

    public int Told => Math.Min(Volatile.Read(ref _told), MaxMessages);

    public int ReceivedCount => _received.Sum();

    public int Restarts => Nodes.Sum(node => Math.Max(0, node.Instances - 1));

    public IEnumerable<RandomNode> Nodes => _nodes.OfType<RandomNode>();

    public static SupervisionStrategy Strategy(SupervisionScope scope) => new()
    {
        Scope = scope,
        Decider = failure => failure switch
        {
            Injected injected => injected.Directive,
            _ => throw new FormatException("decider"),
        },
        Budget = new RestartBudget(RandomNode.MaxRestarts, TimeSpan.FromDays(1)),
        Backoff = new RestartBackoff(TimeSpan.Zero, TimeSpan.FromMilliseconds(1)),
    };

    /// <summary>Plants the first actors and tells them their first hops, from the calling thread.</summary>
    public void Begin(Random random, int messages)
    {
        for (int node = 0; node < 5; node++)
        {
            Plant(null, random, create => System.Spawn(create, null, Capacity(random)));
        }

        for (int message = 0; message < messages; message++)
        {
            if (Pick(random) is { } receiver)
            {
                Tell(RandomNode.Outside, receiver, timeToLive: 6);
            }
        }

        EndOne();
    }

    public RandomNode? Plant(RandomNode? parent, Random random, Func<Func<Actor<Order>>, ActorRef<Order>> spawn)
    {
        int number = Interlocked.Increment(ref _nodeCount) - 1;
        if (number >= MaxNodes)
        {
            return null;
        }

        var node = new RandomNode(this, parent, number, random.Next(4) == 0);
        node.Ref = spawn(node.Create);
        Volatile.Write(ref _nodes[number], node);
        return node;
    }

    public int Capacity(Random random) => !Calm && random.Next(3) == 0 ? 1 + random.Next(4) : 0;

    public RandomNode? Pick(Random random) =>
        Volatile.Read(ref _nodes[random.Next(Math.Clamp(Volatile.Read(ref _nodeCount), 1, MaxNodes))]);

    public void Tell(int sender, RandomNode receiver, int timeToLive)
    {
        int id = Interlocked.Increment(ref _told) - 1;
        if (id >= MaxMessages)
        {
            return;
        }

        Interlocked.Increment(ref _pending);
        receiver.Ref!.Tell(new Order.Hop(id, sender, id, timeToLive));
    }

    /// <summary>A pipe is a message too: it must come back or be a dead letter.</summary>
    public int? BeginPipe()
    {
        int id = Interlocked.Increment(ref _told) - 1;
        if (id >= MaxMessages)
        {
            return null;
        }

        Interlocked.Increment(ref _pending);
        return id;
    }

    public void Receive(int id)
    {
        if (Interlocked.Increment(ref _received[id]) != 1 || Volatile.Read(ref _dead[id]) != 0)
        {
            Violations.Enqueue($"message {id} was received although it had been before, or was dead");
        }
    }

    public void EndOne()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _atRest.TrySetResult();
        }
    }

    /// <summary>To be called when the whole system has stopped.</summary>
    public void CheckTheEnd()
    {
        for (int id = 0; id < Told; id++)
        {
            if (_received[id] + _dead[id] != 1)
            {
                Violations.Enqueue($"message {id}: received {_received[id]} times, dead {_dead[id]} times");
            }
        }

        if (Calm && _dead.Sum() > 0)
        {
            Violations.Enqueue("dead letters in a calm world");
        }

        foreach (RandomNode node in Nodes)
        {
            node.CheckTheEnd();
        }
    }

    private void Bury(DeadLetter letter)
    {
        int? id = letter.Message switch
        {
            Order.Hop hop => hop.Id,
            int pipe => pipe,
            PipeFailure failure => failure.Id,
            _ => null,
        };
        if (id is null)
        {
            Violations.Enqueue($"{letter.Message} is a dead letter and should not be");
            return;
        }

        if (Interlocked.Increment(ref _dead[id.Value]) != 1 || Volatile.Read(ref _received[id.Value]) != 0)
        {
            Violations.Enqueue($"message {id} is dead although it was before, or was received");
        }

        EndOne();
    }
}

/// <summary>What the actors of a <see cref="RandomWorld"/> tell each other.</summary>
internal abstract record Order
{
    private Order()
    {
    }

    /// <param name="Id">Its number in the ledger.</param>
    /// <param name="Sender">Who told it.</param>
    /// <param name="Sequence">Grows with each message of one sender.</param>
    /// <param name="TimeToLive">Hops left.</param>
    public sealed record Hop(int Id, int Sender, int Sequence, int TimeToLive) : Order;

    public sealed record Piped(int Id) : Order;

    public sealed record Ended(Watched Watch) : Order;

    public sealed record Tick(TimerRecord Timer) : Order;
}

/// <summary>A watch as the world remembers it.</summary>
internal sealed class Watched(RandomNode other, int instance)
{
    public RandomNode Other => other;

    public int Instance => instance;

    public bool Ended { get; set; }

    public int Notified { get; set; }
}

/// <summary>A timer as the world remembers it.</summary>
internal sealed class TimerRecord(int instance)
{
    public int Instance => instance;

    public bool Ended { get; set; }
}

internal sealed class Injected(Directive directive) : Exception("injected")
{
    public Directive Directive => directive;
}

internal sealed class PipeFailure(int id) : Exception("pipe")
{
    public int Id => id;
}
