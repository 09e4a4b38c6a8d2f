using JobSystem.Actors;

namespace JobSystem.Tests.Actors;

/// <summary>
/// One actor of a <see cref="RandomWorld"/>, across all its instances: what it must keep to, and what it does at
/// random. Its fields are touched inside the actor only; that this is safe is one of the rules under test.
/// </summary>
internal sealed class RandomNode(RandomWorld world, RandomNode? parent, int number, bool allForOne)
{
    public const int MaxRestarts = 3;
    public const int ManyRestarts = 100;
    public const int Outside = -1;
    private readonly Dictionary<int, int> _lastSequences = [];
    private readonly Dictionary<RandomNode, Watched> _watches = [];
    private readonly Dictionary<int, TimerRecord> _timers = [];
    private readonly List<RandomNode> _children = [];
    private int _inside;
    private int _liveChildren;
    private int _live;
    private int _constructed;
    private int _ended;

    public ActorRef<Order>? Ref { get; set; }

    public int Instances => Volatile.Read(ref _constructed);

    public bool IsLive => Volatile.Read(ref _live) == 1;

    public IEnumerable<Watched> Watches => _watches.Values;

    public Actor<Order> Create() => new NodeActor(this);

    public void CheckTheEnd()
    {
        if (_live != 0 || _liveChildren != 0 || _constructed != _ended)
        {
            Violate($"{_constructed} instances, {_ended} ended, {_liveChildren} children live");
        }

        int allowed = parent is null && world.Hardy ? ManyRestarts : MaxRestarts;
        if (_constructed > 1 + allowed)
        {
            Violate($"{_constructed} instances, but only {allowed} restarts are allowed");
        }
    }

    /// <summary>At rest, in a world that stands still: who watches what has stopped was told so.</summary>
    public void CheckWatches(ActorSystem system)
    {
        foreach (Watched watch in _watches.Values.Where(_ => IsLive))
        {
            bool stopped = system.WhenStopped(watch.Other.Ref!).IsCompleted;
            if (watch.Notified != (stopped ? 1 : 0))
            {
                Violate($"notified {watch.Notified} times; the other has stopped: {stopped}");
            }
        }
    }

    private void Violate(string what) => world.Violations.Enqueue($"node {number}: {what}");

    private void Enter()
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0)
        {
            Violate("two at once inside one actor");
        }
    }

    private void Leave() => Volatile.Write(ref _inside, 0);

    private sealed class NodeActor : Actor<Order>
    {
        private readonly RandomNode _node;
        private readonly int _instance;
        private int _timerKeys;

        public NodeActor(RandomNode node)
        {
            _node = node;
            _instance = Interlocked.Increment(ref node._constructed);
            Interlocked.Exchange(ref node._live, 1);
            if (node.Parent is { } parent)
            {
                Interlocked.Increment(ref parent._liveChildren);
            }
        }

        protected override SupervisionStrategy Supervision =>
            !World.Calm && Context.Random.Next(50) == 0
                ? throw new FormatException("supervision")
                : RandomWorld.Strategy(
                    _node.AllForOne ? SupervisionScope.AllForOne : SupervisionScope.OneForOne);

        private RandomWorld World => _node.World;

        protected override void Starting()
        {
            _node.Enter();
            try
            {
                FailSometimes(oneIn: 20);
            }
            finally
            {
                _node.Leave();
            }
        }

        protected override void Receive(Order message)
        {
            _node.Enter();
            try
            {
                Handle(message);
            }
            finally
            {
                _node.Leave();
                if (message is Order.Hop or Order.Piped)
                {
                    World.EndOne();
                }
            }
        }

        protected override void Stopped()
        {
            _node.Enter();
            if (Volatile.Read(ref _node._liveChildren) != 0)
            {
                _node.Violate("stopped before its children");
            }

            // What belongs to this instance ends with it.
            _node._watches.Clear();
            _node._timers.Clear();
            _node._children.Clear();
            _node._ended++;
            Interlocked.Exchange(ref _node._live, 0);
            if (_node.Parent is { } parent)
            {
                Interlocked.Decrement(ref parent._liveChildren);
            }

            _node.Leave();
            FailSometimes(oneIn: 20);
        }

        private void Handle(Order message)
        {
            switch (message)
            {
                case Order.Hop hop:
                    World.Receive(hop.Id);
                    CheckOrder(hop);
                    Act(hop.TimeToLive);
                    break;
                case Order.Piped piped:
                    World.Receive(piped.Id);
                    break;
                case Order.Ended ended:
                    CheckNotification(ended.Watch);
                    break;
                case Order.Tick tick when tick.Timer.Ended || tick.Timer.Instance != _instance:
                    _node.Violate("a timer that had ended has fired");
                    break;
            }
        }

        private void CheckOrder(Order.Hop hop)
        {
            if (_node._lastSequences.TryGetValue(hop.Sender, out int last) && last >= hop.Sequence)
            {
                _node.Violate($"message {hop.Sequence} of {hop.Sender} came after {last}");
            }

            _node._lastSequences[hop.Sender] = hop.Sequence;
        }

        private void CheckNotification(Watched watch)
        {
            watch.Notified++;
            if (watch.Ended || watch.Instance != _instance || watch.Notified > 1)
            {
                _node.Violate($"notified {watch.Notified} times; the watch had ended: {watch.Ended}");
            }
        }

        private void Act(int timeToLive)
        {
            Random random = Context.Random;
            for (int tell = random.Next(3); tell < 2 && timeToLive > 0; tell++)
            {
                if (World.Pick(random) is { } receiver)
                {
                    World.Tell(_node.Number, receiver, timeToLive - 1);
                }
            }

            switch (random.Next(40))
            {
                case < 6:
                    Spawn(random);
                    break;
                case < 12:
                    Watch(random);
                    break;
                case < 18:
                    StartTimer(random);
                    break;
                case < 24:
                    Pipe(random);
                    break;
                case 24 or 25:
                    FailSometimes(oneIn: 1);
                    break;
                case 26 when !World.Calm && _node._children.Count > 0:
                    Context.Stop(_node._children[random.Next(_node._children.Count)].Ref!);
                    break;
                case 27 when !World.Calm && random.Next(4) == 0:
                    Context.StopSelf();
                    break;
            }
        }

        private void Spawn(Random random)
        {
            RandomNode? child = World.Plant(
                _node, random, create => Context.Spawn(create, null, World.Capacity(random)));
            if (child is not null)
            {
                _node._children.Add(child);
            }
        }

        private void Watch(Random random)
        {
            if (World.Pick(random) is not { } other || other == _node)
            {
                return;
            }

            if (_node._watches.Remove(other, out Watched? earlier))
            {
                earlier.Ended = true;
            }

            if (random.Next(4) == 0)
            {
                Context.Unwatch(other.Ref!);
                return;
            }

            var watch = new Watched(other, _instance);
            _node._watches.Add(other, watch);
            Context.Watch(other.Ref!, new Order.Ended(watch));
        }

        private void StartTimer(Random random)
        {
            int key = random.Next(2);
            if (_node._timers.Remove(key, out TimerRecord? earlier))
            {
                earlier.Ended = true;
            }

            if (_timerKeys++ % 4 == 3)
            {
                Context.CancelTimer(key);
                return;
            }

            var timer = new TimerRecord(_instance);
            _node._timers.Add(key, timer);
            Context.StartTimer(key, TimeSpan.FromTicks(random.Next(20_000)), new Order.Tick(timer));
        }

        private void Pipe(Random random)
        {
            if (World.BeginPipe() is not { } id)
            {
                return;
            }

            bool yields = random.Next(2) == 0;
            bool fails = random.Next(2) == 0;
            Context.PipeToSelf(
                async () =>
                {
                    if (yields)
                    {
                        await Task.Yield();
                    }

                    return fails ? throw new PipeFailure(id) : id;
                },
                result => new Order.Piped(result),
                error => new Order.Piped(((PipeFailure)error).Id));
        }

        private void FailSometimes(int oneIn)
        {
            Random random = Context.Random;
            if (!World.Calm && random.Next(oneIn) == 0)
            {
                throw random.Next(20) switch
                {
                    < 6 => new Injected(Directive.Resume),
                    < 17 => new Injected(Directive.Restart),
                    17 => new Injected(Directive.Stop),
                    18 => new Injected(Directive.Escalate),
                    _ => new FormatException("unknown to the decider"),
                };
            }
        }
    }

    private RandomWorld World => world;

    private RandomNode? Parent => parent;

    private int Number => number;

    private bool AllForOne => allForOne;
}
