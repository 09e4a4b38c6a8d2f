using Akka.Actor;
using JobSystem.Actors;
using JobSystem.Monitoring;
using JobSystem.Transports;

namespace JobSystem.Processing;

/// <summary>What the monitor hears.</summary>
internal abstract record MonitorMessage
{
    public sealed record ConnectionLost(string Role, TransportFailure Failure, TimeSpan RetryIn) : MonitorMessage;

    public sealed record ChannelLost(string Role, TransportFailure Failure) : MonitorMessage;

    public sealed record BlockedChanged(string Role, string? Reason) : MonitorMessage;

    /// <summary>The publisher's channel.</summary>
    public sealed record ChannelOpened : MonitorMessage;

    public sealed record ChannelClosed : MonitorMessage;

    public sealed record ConsumerOpened(ConsumerSettings Settings, QueueInfo Queue) : MonitorMessage;

    public sealed record ConsumerClosed(ConsumerSettings Settings) : MonitorMessage;

    public sealed record ActorFailed : MonitorMessage;

    public sealed record GetSnapshot(Ref<SystemSnapshot> ReplyTo) : MonitorMessage, INeverUnanswered
    {
        public void OnReceiverEnded() => ReplyTo.Actor.Tell(
            new Status.Failure(new InvalidOperationException("The job system has ended.")), ActorRefs.NoSender);
    }

    public sealed record QueueSeen(QueueSnapshot Queue) : MonitorMessage;
}

/// <summary>
/// Owns the read model: which connections are up, what runs where. Told of rare events only; what is counted per job
/// is asked from the runners when somebody looks.
/// Promises: <see cref="JobHost.Ready"/> is decided here, once: every lane consumed and the publisher's channel open,
/// or access refused at the first try. A connection is up while everything opened on it is open; what befalls one
/// connection says nothing of the other.
/// Its mailbox is bounded by the connections and their tenants, and by those who look. Ends: with the tree.
/// </summary>
internal sealed class MonitorActor(
    ActorEnvironment environment, BrokerAccess broker, Observation observation, MonitorPlan plan)
    : TypedActor<MonitorMessage>(environment)
{
    private readonly Dictionary<string, ConnectionSnapshot> _connections =
        plan.Roles.ToDictionary(role => role, role => new ConnectionSnapshot(role, ConnectionState.Down, null, 0));

    /// <summary>Why, by connection. A channel may come and go meanwhile.</summary>
    private readonly Dictionary<string, string> _blocked = [];

    private readonly HashSet<(string Queue, Lane Lane)> _consuming = [];
    private readonly Dictionary<string, QueueSnapshot> _queues = [];
    private readonly List<Ref<SystemSnapshot>> _asked = [];
    private bool _canPublish;
    private int _awaited;
    private long _actorFailures;

    protected override void Receive(MonitorMessage message)
    {
        switch (message)
        {
            case MonitorMessage.ChannelOpened:
                _canPublish = true;
                OnOpened(ConnectionRoles.Publish);
                break;
            case MonitorMessage.ChannelClosed:
                _canPublish = false;
                break;
            case MonitorMessage.ConsumerOpened opened:
                OnConsumerOpened(opened);
                break;
            case MonitorMessage.ConsumerClosed closed:
                _consuming.Remove((closed.Settings.Queue, closed.Settings.Lane));
                break;
            case MonitorMessage.ConnectionLost lost:
                OnLost(lost);
                break;
            case MonitorMessage.ChannelLost lost:
                Change(lost.Role, state => state with { State = ConnectionState.Down, Reason = lost.Failure.Text });
                break;
            case MonitorMessage.BlockedChanged { Reason: { } reason } blocked:
                observation.Log.Blocked(broker.Description, reason);
                _blocked[blocked.Role] = reason;
                Change(blocked.Role, state => state with { State = ConnectionState.Blocked, Reason = reason });
                break;
            case MonitorMessage.BlockedChanged unblocked:
                observation.Log.Unblocked(broker.Description);
                _blocked.Remove(unblocked.Role);
                Change(unblocked.Role, static state => state with { State = ConnectionState.Down, Reason = null });
                OnOpened(unblocked.Role);
                break;
            case MonitorMessage.ActorFailed:
                _actorFailures++;
                break;
            case MonitorMessage.GetSnapshot ask:
                Ask(ask.ReplyTo);
                break;
            case MonitorMessage.QueueSeen seen:
                _queues[seen.Queue.Name] = seen.Queue;
                _awaited--;
                AnswerWhenComplete();
                break;
        }
    }

    protected override void PostStop() =>
        _asked.ForEach(static asked => new MonitorMessage.GetSnapshot(asked).OnReceiverEnded());

    private void OnConsumerOpened(MonitorMessage.ConsumerOpened opened)
    {
        var (queue, lane, _) = opened.Settings;
        foreach (var hazard in opened.Queue.Hazards)
        {
            observation.Log.Hazard(opened.Queue.Name, hazard);
        }

        _consuming.Add((queue, lane));
        observation.Log.Consuming(opened.Queue.Name, opened.Settings.Prefetch);
        OnOpened(ConnectionRoles.Consume);
    }

    private void OnLost(MonitorMessage.ConnectionLost lost)
    {
        _blocked.Remove(lost.Role);
        Change(lost.Role, state => state with
        {
            State = ConnectionState.Down,
            Reason = lost.Failure.Text,
            Reconnects = state.Reconnects + 1,
        });
        if (lost.Failure.Kind == TransportFailureKind.AccessRefused)
        {
            plan.Ready.TrySetException(new TransportException(lost.Failure));
        }
    }

    private void OnOpened(string role)
    {
        if (IsComplete(role))
        {
            var reason = _blocked.GetValueOrDefault(role);
            Change(role, state => state with
            {
                State = reason is null ? ConnectionState.Up : ConnectionState.Blocked, Reason = reason,
            });
        }

        if (plan.Roles.All(IsComplete))
        {
            plan.Ready.TrySetResult();
        }
    }

    /// <summary>Everything that is to be open on this connection is.</summary>
    private bool IsComplete(string role) =>
        role == ConnectionRoles.Publish ? _canPublish : _consuming.Count == plan.Lanes;

    private void Change(string role, Func<ConnectionSnapshot, ConnectionSnapshot> change)
    {
        var changed = _connections[role] = change(_connections[role]);
        plan.ConnectionChanged(changed);
    }

    private void Ask(Ref<SystemSnapshot> replyTo)
    {
        _asked.Add(replyTo);
        if (_asked.Count == 1)
        {
            var runners = plan.Runners();
            _awaited = runners.Count;
            foreach (var runner in runners)
            {
                runner.Tell(new RunnerMessage.GetSnapshot(Self));
            }
        }

        AnswerWhenComplete();
    }

    private void AnswerWhenComplete()
    {
        if (_awaited > 0 || _asked.Count == 0)
        {
            return;
        }

        var snapshot = new SystemSnapshot(
            broker.Name, broker.Description, [.. _connections.Values],
            [.. _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)],
            _actorFailures, plan.DeadLetterCount());
        _asked.ForEach(asked => asked.Tell(snapshot));
        _asked.Clear();
    }
}

/// <summary>The names of a process' two connections.</summary>
internal static class ConnectionRoles
{
    public const string Consume = "consume";
    public const string Publish = "publish";
}

/// <summary>What the monitor is born with.</summary>
/// <param name="Roles">Of the connections; the consuming one first where there is one.</param>
/// <param name="Lanes">Lanes that must be consumed before the process is ready.</param>
/// <param name="Runners">Whom to ask. They start after the monitor.</param>
/// <param name="Ready">Completed when all is open; fails when access is refused before that.</param>
/// <param name="ConnectionChanged">Told of every change of a connection; must return at once.</param>
/// <param name="DeadLetterCount">Messages between actors that found no receiver.</param>
internal sealed record MonitorPlan(
    IReadOnlyList<string> Roles,
    int Lanes,
    Func<IReadOnlyList<Ref<RunnerMessage>>> Runners,
    TaskCompletionSource Ready,
    Action<ConnectionSnapshot> ConnectionChanged,
    Func<long> DeadLetterCount);
