using JobSystem.Actors;
using JobSystem.Processing;
using JobSystem.Transports;

namespace JobSystem.Monitoring;

/// <summary>What the monitor hears.</summary>
internal abstract record MonitorMessage
{
    public sealed record ConnectionOpened(string Role) : MonitorMessage;

    public sealed record ConnectionLost(string Role, TransportFailure Failure, TimeSpan RetryIn) : MonitorMessage;

    public sealed record ChannelLost(string Role, TransportFailure Failure) : MonitorMessage;

    public sealed record BlockedChanged(string Role, string? Reason) : MonitorMessage;

    public sealed record ChannelOpened(string Role) : MonitorMessage;

    public sealed record ConsumerOpened(ConsumerSettings Settings, QueueInfo Queue) : MonitorMessage;

    public sealed record ActorFailed : MonitorMessage;

    public sealed record GetSnapshot(TaskCompletionSource<SystemSnapshot> Reply) : MonitorMessage;

    public sealed record QueueSeen(QueueSnapshot Queue) : MonitorMessage;
}

/// <summary>
/// Owns the read model: which connections are up, what runs where. Told of rare events only; what is counted per job
/// is asked from the runners when somebody looks.
/// Promises: <see cref="JobServer.Ready"/> is decided here, once: every lane consumed and the publisher's channel open,
/// or access refused at the first try.
/// Ends: with the server.
/// </summary>
internal sealed class MonitorActor(Engine engine, MonitorPlan plan) : Actor<MonitorMessage>
{
    private readonly Dictionary<string, ConnectionSnapshot> _connections =
        plan.Roles.ToDictionary(role => role, role => new ConnectionSnapshot(role, ConnectionState.Down, null, 0));

    private readonly HashSet<(string Queue, Lane Lane)> _consuming = [];
    private readonly Dictionary<string, QueueSnapshot> _queues = [];
    private readonly List<TaskCompletionSource<SystemSnapshot>> _asked = [];
    private bool _canPublish;
    private int _awaited;
    private long _actorFailures;

    protected override void Receive(MonitorMessage message)
    {
        switch (message)
        {
            case MonitorMessage.ConnectionOpened:
                break; // it is up when its channels are
            case MonitorMessage.ChannelOpened opened:
                _canPublish = true;
                OnUp(opened.Role);
                break;
            case MonitorMessage.ConsumerOpened opened:
                OnConsumerOpened(opened);
                break;
            case MonitorMessage.ConnectionLost lost:
                OnLost(lost);
                break;
            case MonitorMessage.ChannelLost lost:
                Change(lost.Role, state => state with { State = ConnectionState.Down, Reason = lost.Failure.Text });
                break;
            case MonitorMessage.BlockedChanged { Reason: { } reason } blocked:
                engine.Log.Blocked(engine.Transport.Description, reason);
                Change(blocked.Role, state => state with { State = ConnectionState.Blocked, Reason = reason });
                break;
            case MonitorMessage.BlockedChanged unblocked:
                engine.Log.Unblocked(engine.Transport.Description);
                OnUp(unblocked.Role);
                break;
            case MonitorMessage.ActorFailed:
                _actorFailures++;
                break;
            case MonitorMessage.GetSnapshot ask:
                Ask(ask.Reply);
                break;
            case MonitorMessage.QueueSeen seen:
                _queues[seen.Queue.Name] = seen.Queue;
                _awaited--;
                AnswerWhenComplete();
                break;
        }
    }

    protected override void Stopped()
    {
        plan.Ready.TrySetCanceled();
        _asked.ForEach(static asked => asked.TrySetCanceled());
    }

    private void OnConsumerOpened(MonitorMessage.ConsumerOpened opened)
    {
        var (queue, lane, _) = opened.Settings;
        foreach (var hazard in opened.Queue.Hazards)
        {
            engine.Log.Hazard(opened.Queue.Name, hazard);
        }

        _consuming.Add((queue, lane));
        engine.Log.Consuming(opened.Queue.Name, opened.Settings.Prefetch);
        if (_consuming.Count == plan.Lanes)
        {
            OnUp(plan.Roles[0]);
        }
    }

    private void OnLost(MonitorMessage.ConnectionLost lost)
    {
        _consuming.Clear();
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

    private void OnUp(string role)
    {
        Change(role, static state => state with { State = ConnectionState.Up, Reason = null });
        if (_canPublish && _consuming.Count == plan.Lanes)
        {
            plan.Ready.TrySetResult();
        }
    }

    private void Change(string role, Func<ConnectionSnapshot, ConnectionSnapshot> change)
    {
        var changed = _connections[role] = change(_connections[role]);
        plan.ConnectionChanged(changed);
    }

    private void Ask(TaskCompletionSource<SystemSnapshot> reply)
    {
        _asked.Add(reply);
        if (_asked.Count == 1)
        {
            var runners = plan.Runners();
            _awaited = runners.Count;
            foreach (var runner in runners)
            {
                runner.Tell(new RunnerMessage.GetSnapshot(Context.Self));
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
            engine.Options.Name, engine.Transport.Description, [.. _connections.Values],
            [.. _queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)],
            _actorFailures, plan.DeadLetterCount());
        _asked.ForEach(asked => asked.TrySetResult(snapshot));
        _asked.Clear();
    }
}

/// <summary>What the monitor is born with.</summary>
/// <param name="Roles">Of the connections; the consuming one first where there is one.</param>
/// <param name="Lanes">Lanes that must be consumed before the server is ready.</param>
/// <param name="Runners">Whom to ask.</param>
/// <param name="Ready">Completed when all is open; fails when access is refused before that.</param>
/// <param name="ConnectionChanged">Told of every change of a connection; must return at once.</param>
/// <param name="DeadLetterCount">Messages between actors that found no receiver.</param>
internal sealed record MonitorPlan(
    IReadOnlyList<string> Roles,
    int Lanes,
    Func<IReadOnlyList<ActorRef<RunnerMessage>>> Runners,
    TaskCompletionSource Ready,
    Action<ConnectionSnapshot> ConnectionChanged,
    Func<long> DeadLetterCount);
