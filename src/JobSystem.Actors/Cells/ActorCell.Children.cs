namespace JobSystem.Actors;

/// <summary>The children: a chain in the order of their spawn, so that every walk over it is repeatable.</summary>
internal sealed partial class ActorCell<T>
{
    private ILocalActor? _firstChild;
    private ILocalActor? _lastChild;
    private ChildNames? _names;
    private int _spawned;

    /// <summary>
    /// The names of the children. A child gives its own back, so that it is free as soon as its end is known.
    /// </summary>
    internal ChildNames Names => _names ??= new ChildNames();

    public override ActorRef<TChild> Spawn<TChild>(
        Func<Actor<TChild>> create, string? name = null, int mailboxCapacity = 0)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfNegative(mailboxCapacity);
        if (_state != CellState.Running)
        {
            throw new InvalidOperationException($"{_mailbox} is stopping and spawns no children any more.");
        }

        if (name is not null)
        {
            Names.Reserve(name);
        }

        Mailbox<TChild> child = System.CreateMailbox(_mailbox, create, name, ++_spawned, mailboxCapacity);
        Link(child);
        child.Begin();
        return child;
    }

    public override void Stop(ActorRef childOrSelf)
    {
        if (childOrSelf == _mailbox)
        {
            StopSelf();
        }
        else if (childOrSelf is ILocalActor local && local.Parent == _mailbox)
        {
            local.Enqueue(new SystemMessage.Stop());
        }
        else
        {
            throw new ArgumentException(
                $"{_mailbox} may stop itself and its children, but not {childOrSelf}.", nameof(childOrSelf));
        }
    }

    private void Adopt(ILocalActor child)
    {
        Link(child);
        if (_state == CellState.Stopping)
        {
            child.Enqueue(new SystemMessage.Stop());
        }

        child.Begin();
    }

    private void Link(ILocalActor child)
    {
        child.Epoch = _childEpoch;
        child.PreviousSibling = _lastChild;
        if (_lastChild is null)
        {
            _firstChild = child;
        }
        else
        {
            _lastChild.NextSibling = child;
        }

        _lastChild = child;
    }

    private void Forget(ILocalActor child)
    {
        ILocalActor? previous = child.PreviousSibling;
        ILocalActor? next = child.NextSibling;
        if (previous is null)
        {
            _firstChild = next;
        }
        else
        {
            previous.NextSibling = next;
        }

        if (next is null)
        {
            _lastChild = previous;
        }
        else
        {
            next.PreviousSibling = previous;
        }

        child.PreviousSibling = child.NextSibling = null;
        _escalated?.Remove(child);
        FinishWithoutChildren();
    }

    private void StopChildren()
    {
        for (ILocalActor? child = _firstChild; child is not null; child = child.NextSibling)
        {
            child.Enqueue(new SystemMessage.Stop());
        }
    }
}
