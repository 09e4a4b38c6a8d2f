namespace JobSystem.Transports.InMemory;

/// <summary>What a broker holds and has done, for tests, checkers and demonstrations.</summary>
public sealed partial class InMemoryBroker
{
    /// <summary>The names of its queues, in their order.</summary>
    public IReadOnlyList<string> QueueNames
    {
        get
        {
            lock (Gate)
            {
                return [.. _queues.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public int ConnectionCount
    {
        get
        {
            lock (Gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>What it has done so far.</summary>
    public BrokerCounters Count()
    {
        lock (Gate)
        {
            return Counters with { };
        }
    }

    /// <summary>How much a queue holds; nothing where there is no such queue.</summary>
    public QueueContent ContentOf(string queueName)
    {
        lock (Gate)
        {
            var delayed = _delayed.All.Count(each => each.Queue == queueName);
            return Find(queueName) is { } queue
                ? new QueueContent(queue.Ready, queue.UnsettledCount, delayed, queue.Consumers.Count)
                : new QueueContent(0, 0, delayed, 0);
        }
    }

    /// <summary>
    /// The jobs a queue holds, ready, unsettled and delayed, in the order of their publishes.
    /// </summary>
    public IReadOnlyList<Job> JobsOf(string queueName)
    {
        lock (Gate)
        {
            var delayed = _delayed.All.Where(each => each.Queue == queueName);
            return [.. Find(queueName)?.Jobs ?? [], .. delayed.Select(each => each.Message.Job)];
        }
    }

    /// <summary>Puts a message into a queue as a foreign client would, without a confirm.</summary>
    public void Put(string queueName, Job job)
    {
        lock (Gate)
        {
            Store(StoredMessage.Copy(job), new Destination(queueName));
        }
    }
}
