namespace JobSystem.Sqlite.Storage;

/// <summary>
/// The tables of a job file, version by version. <c>PRAGMA user_version</c> says which a file has; each step leads
/// from one to the next, and all that are needed run in one transaction. A step that was ever released is never
/// changed.
/// </summary>
internal static class Schema
{
    /// <summary>Marks a file as ours: "Jobs" in ASCII.</summary>
    public const int ApplicationId = 0x4A6F6273;

    /// <summary>What this program writes. A file of a greater version is refused.</summary>
    public static int Version => _steps.Length;

    /// <summary>
    /// Version 1. A message's id is its queue's number and its place in that queue in one (see
    /// <see cref="QueueRow"/>), so the table itself is each queue's order: an enqueue appends one row to one b-tree,
    /// and no index is kept for it.
    /// <list type="bullet">
    /// <item>queue: <c>cursor</c> is the id of the last message ever delivered from it. What lies behind it waits,
    /// without a gap; so a claim is one step from there, whatever the length of the queue.</item>
    /// <item>message: written once, deleted once.</item>
    /// <item>delivery: a message that was delivered at least once and is not settled: by whom it is held (0: it came
    /// back and waits to be delivered again), and how often its consumer was lost.</item>
    /// <item>delayed: waits for its due time (Unix, ms) and becomes a message then.</item>
    /// <item>process: every process that holds deliveries: where to reach it, and its heartbeat.</item>
    /// <item>consumer: every channel that holds deliveries. Its id is never used again: it is the epoch by which
    /// late settles are fenced. Without a queue: it takes messages one by one, of any queue.</item>
    /// </list>
    /// </summary>
    private static readonly string[] _steps =
    [
        """
        CREATE TABLE queue (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cursor INTEGER NOT NULL);
        CREATE TABLE message (
            id INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB);
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY, consumer INTEGER NOT NULL, losses INTEGER NOT NULL);
        CREATE INDEX returned ON delivery (id) WHERE consumer = 0;
        CREATE TABLE delayed (
            id INTEGER PRIMARY KEY, due INTEGER NOT NULL, queue TEXT NOT NULL, head BLOB NOT NULL, body BLOB);
        CREATE INDEX delayed_by_due ON delayed (due);
        CREATE TABLE process (
            id INTEGER PRIMARY KEY AUTOINCREMENT, machine TEXT NOT NULL, boot TEXT NOT NULL, address TEXT,
            beat INTEGER NOT NULL);
        CREATE TABLE consumer (
            id INTEGER PRIMARY KEY AUTOINCREMENT, process INTEGER NOT NULL, queue INTEGER);
        """,
    ];

    /// <summary>The statements that lead a file of an older version to this one.</summary>
    public static IEnumerable<string> StepsAfter(int version) => _steps.Skip(version);
}
