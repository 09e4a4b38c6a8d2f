using JobSystem.Sqlite.Storage;

namespace JobSystem.Sqlite.Broker;

/// <summary>
/// One transaction as its operations see it: the tables, and a note of what others must hear of when it is durable.
/// Used again for the next.
/// </summary>
internal sealed class Batch(Tables tables, TimeProvider clock)
{
    private readonly HashSet<long> _touched = [];
    private readonly List<Action> _afterCommit = [];
    private readonly Dictionary<long, string> _toWake = [];
    private readonly List<IConfirmable> _confirming = [];

    public Tables Tables { get; } = tables;

    /// <summary>Queues that got messages, by number.</summary>
    public IReadOnlyCollection<long> Touched => _touched;

    /// <summary>The processes to be woken, with their addresses.</summary>
    public IReadOnlyDictionary<long, string> ToWake => _toWake;

    /// <summary>The time of the transaction (Unix, ms).</summary>
    public long Now { get; private set; }

    public void Begin()
    {
        Now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        _touched.Clear();
        _afterCommit.Clear();
        _toWake.Clear();
        _confirming.Clear();
    }

    /// <summary>There is something new in a queue.</summary>
    public void Touch(long queue) => _touched.Add(queue);

    /// <summary>Those who consume a queue must look at the file again, whether it holds something or not.</summary>
    public void WakeConsumersOf(long queue) => Tables.Processes.FindConsuming(queue, _toWake);

    /// <summary>To be done when it is durable.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>It has decided something, and tells it when the batch is over.</summary>
    public void WillConfirm(IConfirmable channel) => _confirming.Add(channel);

    public void Conclude()
    {
        _confirming.ForEach(static channel => channel.TellConfirmed());
        _afterCommit.ForEach(static action => action());
    }
}

/// <summary>Collects the confirms of one batch, to tell them as one.</summary>
internal interface IConfirmable
{
    void TellConfirmed();
}
