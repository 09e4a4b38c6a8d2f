namespace JobSystem.Actors;

/// <summary>
/// The side of an actor that other threads see: its address, its user lane, and the mark whether it is scheduled.
/// It owns the lane; it promises that its cell runs on one thread at a time, that the messages of one sender keep
/// their order, and that a refused message is answered, not lost. The lane closes when the actor begins to stop.
/// </summary>
/// <remarks>
/// The lane is a stack of nodes that the cell takes whole and turns over. Its head is also the state: a mark when it
/// is empty. So telling is one compare-and-swap, and whoever swaps the Idle mark away schedules the actor.
/// </remarks>
internal sealed class Mailbox<T> : ActorRef<T>, ILocalActor, IRunnable
{
    private readonly string? _name;
    private readonly int _number;
    private readonly int _capacity;
    private Node _head = Node.Busy;
    private int _room;

    internal Mailbox(
        ActorSystem system, ILocalActor? parent, Func<Actor<T>> create, string? name, int number, int capacity)
    {
        System = system;
        Parent = parent;
        _name = name;
        _number = number;
        _capacity = capacity;
        _room = capacity;
        ulong parentId = parent?.TraceId ?? Trace.Start;
        TraceId = name is null ? Trace.Mix(parentId, (ulong)number) : Trace.Mix(parentId, name);
        Cell = new ActorCell<T>(this, create);
    }

    public ActorSystem System { get; }

    public ILocalActor? Parent { get; }

    public ulong TraceId { get; }

    public ILocalActor? NextSibling { get; set; }

    public ILocalActor? PreviousSibling { get; set; }

    public ChildNames Names => Cell.Names;

    public ActorRef Ref => this;

    public override ActorPath Path => new(Parent?.Ref.Path, _name ?? $"${_number}");

    public int Epoch
    {
        set => Cell.Epoch = value;
    }

    internal ActorCell<T> Cell { get; }

    public override void Tell(T message)
    {
        if (Offer(message) is { } reason)
        {
            System.DeadLetters.Add(this, message, reason);
        }
    }

    public override bool TryTell(T message) => Offer(message) is null;

    public void Enqueue(SystemMessage message)
    {
        if (Cell.TryEnqueue(message))
        {
            Wake();
        }
        else
        {
            message.AfterStop();
        }
    }

    public void Begin() => System.Dispatcher.Schedule(this);

    public RunResult Run(int messages) => Cell.Run(messages);

    void IThreadPoolWorkItem.Execute() => PoolWorker.Current.Execute(this);

    /// <summary>Before anybody hears of its end: so whoever does may use the name again. Only for the cell.</summary>
    internal void ReleaseName()
    {
        if (_name is not null)
        {
            Parent?.Names.Release(_name);
        }
    }

    /// <summary>Adds what must not be refused for lack of room.</summary>
    internal void Post(Envelope<T> signal)
    {
        if (!Push(signal, Volatile.Read(ref _head)))
        {
            signal.Refuse(this, DeadLetterReason.Stopped);
        }
    }

    /// <summary>Takes all that stands in the lane, oldest first. Only for the cell.</summary>
    internal Envelope<T>? TakeAll(out Envelope<T>? last, out int count)
    {
        Node head = Volatile.Read(ref _head);
        count = head.Depth is Node.ClosedDepth ? 0 : head.Depth;
        if (count == 0)
        {
            last = null;
            return null;
        }

        return Reverse(Interlocked.Exchange(ref _head, Node.Busy), out last, out count);
    }

    /// <summary>As <see cref="TakeAll"/>, and from now on everything is refused. Only for the cell.</summary>
    internal Envelope<T>? Close() => Reverse(Interlocked.Exchange(ref _head, Node.Closed), out _, out _);

    /// <summary>Tells the senders how many messages the cell has taken but not handled. Only for the cell.</summary>
    internal void Reserve(int inHand) => _room = _capacity - inHand;

    /// <summary>
    /// Ends the turn; false when something came in between and the cell has to go on. Only for the cell.
    /// </summary>
    internal bool TryGoIdle()
    {
        Node head = Volatile.Read(ref _head);
        Node idle = head == Node.Closed ? Node.ClosedIdle : Node.Idle;
        return (head == Node.Busy || head == Node.Closed)
            && Interlocked.CompareExchange(ref _head, idle, head) == head
            && !(Cell.HasSystemMessages && TryWake());
    }

    private static Envelope<T>? Reverse(Node head, out Envelope<T>? last, out int count)
    {
        count = head.Depth is Node.ClosedDepth ? 0 : head.Depth;
        last = count == 0 ? null : (Envelope<T>)head;
        Node? first = null;
        for (int left = count; left > 0; left--)
        {
            Node below = head.Next!;
            head.Next = first;
            first = head;
            head = below;
        }

        return (Envelope<T>?)first;
    }

    private DeadLetterReason? Offer(T message)
    {
        Node head = Volatile.Read(ref _head);
        if (head.Depth >= _room)
        {
            if (head.Depth == Node.ClosedDepth)
            {
                return DeadLetterReason.Stopped;
            }

            if (head.Depth + Cell.InHand >= _capacity)
            {
                return DeadLetterReason.MailboxFull;
            }
        }

        return Push(new Envelope<T>(message), head) ? null : DeadLetterReason.Stopped;
    }

    private bool Push(Envelope<T> node, Node head)
    {
        while (head.Depth != Node.ClosedDepth)
        {
            node.Next = head;
            node.Depth = head.Depth + 1;
            Node seen = Interlocked.CompareExchange(ref _head, node, head);
            if (seen == head)
            {
                if (head == Node.Idle)
                {
                    System.Dispatcher.Schedule(this);
                }

                return true;
            }

            head = seen;
        }

        return false;
    }

    private void Wake()
    {
        if (TryWake())
        {
            System.Dispatcher.Schedule(this);
        }
    }

    private bool TryWake()
    {
        Node head = Volatile.Read(ref _head);
        return (head == Node.Idle && Interlocked.CompareExchange(ref _head, Node.Busy, Node.Idle) == Node.Idle)
            || (head == Node.ClosedIdle
                && Interlocked.CompareExchange(ref _head, Node.Closed, Node.ClosedIdle) == Node.ClosedIdle);
    }
}
