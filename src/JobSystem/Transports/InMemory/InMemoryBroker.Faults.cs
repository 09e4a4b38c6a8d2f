namespace JobSystem.Transports.InMemory;

/// <summary>What can go wrong with a broker, on demand: for simulations, chaos and demonstrations.</summary>
public sealed partial class InMemoryBroker
{
    private readonly List<Action> _frozen = [];
    private readonly Lock _frozenGate = new();
    private readonly List<InMemoryConnection> _closeAfterDrops = [];
    private bool _isRunning = true;
    private bool _isFrozen;
    private string? _accessRefusedBecause;
    private int _rejectsLeft;
    private string _rejectReason = "";
    private int _confirmsToDrop;
    private int _confirmsToDelay;
    private TimeSpan _confirmDelay;

    internal string? BlockedBecause { get; private set; }

    internal bool IsBlocked => BlockedBecause is not null;

    /// <summary>An operator closes every connection. What is on its way is lost.</summary>
    public void CloseAllConnections(string reason)
    {
        lock (Gate)
        {
            CloseConnections(new TransportFailure(TransportFailureKind.ClosedByOperator, reason));
        }
    }

    /// <summary>
    /// Some connections are lost, as when a process dies or its network does. What is on its way is lost.
    /// </summary>
    /// <param name="isLost">Chooses by the name that the client gave its connection.</param>
    /// <param name="reason">In words.</param>
    public void LoseConnections(Func<string, bool> isLost, string reason)
    {
        lock (Gate)
        {
            CloseConnections(
                new TransportFailure(TransportFailureKind.Lost, reason), connection => isLost(connection.Name));
        }
    }

    /// <summary>
    /// The broker dies: every connection is lost and nobody can connect. What was confirmed is kept; what was
    /// unsettled comes back as redelivered.
    /// </summary>
    public void Stop(string reason = "The broker has stopped.")
    {
        lock (Gate)
        {
            _isRunning = false;
            BlockedBecause = null;
            CloseConnections(new TransportFailure(TransportFailureKind.Lost, reason));
        }
    }

    /// <summary>The broker is back with all it had.</summary>
    public void Start()
    {
        lock (Gate)
        {
            _isRunning = true;
        }

        WakeDelayed();
    }

    /// <summary>An alarm: publishes wait until <see cref="Unblock"/>. Consumers go on.</summary>
    public void Block(string reason)
    {
        lock (Gate)
        {
            BlockedBecause = reason;
            foreach (var connection in _connections.Where(connection => connection.Publishers.Any()))
            {
                connection.TellBlocked(reason);
            }
        }
    }

    public void Unblock()
    {
        lock (Gate)
        {
            if (!IsBlocked)
            {
                return;
            }

            BlockedBecause = null;
            foreach (var connection in _connections.ToList())
            {
                var publishers = connection.Publishers.ToList();
                if (publishers.Count > 0)
                {
                    connection.TellUnblocked();
                }

                publishers.ForEach(publisher => publisher.Resume());
            }
        }
    }

    /// <summary>
    /// The broker hangs: it is there, but nothing moves and no call ends until <see cref="Thaw"/>. Delays go
    /// on.
    /// </summary>
    public void Freeze()
    {
        lock (_frozenGate)
        {
            _isFrozen = true;
        }
    }

    /// <summary>All that was on its way moves again.</summary>
    public void Thaw()
    {
        lock (_frozenGate)
        {
            _isFrozen = false;
            _frozen.ForEach(PostNow);
            _frozen.Clear();
        }
    }

    /// <summary>
    /// Deletes a queue with its messages; its consumers are cancelled. Returns its jobs: they are destroyed.
    /// </summary>
    public IReadOnlyList<Job> DeleteQueue(string queueName)
    {
        lock (Gate)
        {
            IReadOnlyList<Job> destroyed = [.. Find(queueName)?.Jobs ?? []];
            Delete(queueName);
            return destroyed;
        }
    }

    /// <summary>
    /// Cancels every consumer of a queue, as a moved leader does. What they held goes back.
    /// </summary>
    public void CancelConsumers(string queueName)
    {
        lock (Gate)
        {
            if (Find(queueName) is { } queue)
            {
                Cancel(queue, $"The broker cancelled the consumer of '{queueName}'.");
            }
        }
    }

    /// <summary>The next publishes are refused (nacked).</summary>
    public void RejectPublishes(int count, string reason)
    {
        lock (Gate)
        {
            (_rejectsLeft, _rejectReason) = (count, reason);
        }
    }

    /// <summary>The next publishes are stored, but their confirms come this much later.</summary>
    public void DelayConfirms(int count, TimeSpan delay)
    {
        lock (Gate)
        {
            (_confirmsToDelay, _confirmDelay) = (count, delay);
        }
    }

    /// <summary>
    /// The next publishes are stored, but their confirms are lost; with the last of them the connections that
    /// they came on are lost too.
    /// </summary>
    public void DropConfirms(int count)
    {
        lock (Gate)
        {
            _confirmsToDrop = count;
        }
    }

    /// <summary>Nobody may connect any more (a changed password). Connections that are open stay.</summary>
    public void RefuseAccess(string reason)
    {
        lock (Gate)
        {
            _accessRefusedBecause = reason;
        }
    }

    public void AllowAccess()
    {
        lock (Gate)
        {
            _accessRefusedBecause = null;
        }
    }

    /// <summary>
    /// Bounds a queue: publishes are rejected while so many messages are ready. Null: no bound.
    /// </summary>
    public void LimitLength(string queueName, int? maxLength)
    {
        lock (Gate)
        {
            if (maxLength is { } limit)
            {
                _maxLengths[queueName] = limit;
            }
            else
            {
                _maxLengths.Remove(queueName);
            }
        }
    }

    /// <summary>Runs an action later, unless the broker hangs.</summary>
    internal void Post(Action action)
    {
        lock (_frozenGate)
        {
            if (_isFrozen)
            {
                _frozen.Add(action);
            }
            else
            {
                PostNow(action);
            }
        }
    }

    private void PostNow(Action action)
    {
        if (Options.Post is { } post)
        {
            post(action);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static later => later(), action, preferLocal: false);
        }
    }

    private void CloseConnections(TransportFailure failure, Func<InMemoryConnection, bool>? which = null)
    {
        var all = _connections.Where(which ?? (_ => true)).ToList();
        all.ForEach(connection => connection.StopDeliveries());
        all.ForEach(connection => connection.Close(failure));
    }

    private static void Cancel(BrokerQueue queue, string reason)
    {
        var all = queue.Consumers.ToList();
        all.ForEach(consumer => consumer.StopDeliveries());
        all.ForEach(consumer => consumer.Close(new TransportFailure(TransportFailureKind.Cancelled, reason)));
    }

    private void ConfirmOrFail(InMemoryPublisherChannel publisher, ulong number)
    {
        if (_confirmsToDrop > 0)
        {
            publisher.Withhold(number);
            _closeAfterDrops.Add(publisher.Connection);
            if (--_confirmsToDrop == 0)
            {
                var lost = new TransportFailure(
                    TransportFailureKind.Lost, "The connection was lost before a confirm.");
                _closeAfterDrops.ForEach(connection => connection.Close(lost));
                _closeAfterDrops.Clear();
            }
        }
        else if (_confirmsToDelay > 0)
        {
            _confirmsToDelay--;
            publisher.Withhold(number);
            After(_confirmDelay, () => publisher.ConfirmLate(number));
        }
        else
        {
            publisher.Confirm(number);
        }
    }

    private void After(TimeSpan delay, Action underGate)
    {
        ITimer? timer = null;
        timer = Options.Clock.CreateTimer(
            _ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(delay, Timeout.InfiniteTimeSpan);

        void Fire()
        {
            lock (Gate)
            {
                underGate();
                timer!.Dispose();
            }
        }
    }
}
