namespace JobSystem.Sqlite.Storage;

/// <summary>
/// A queue as one transaction sees it. The ids of its messages are its number in the upper bits and their place in
/// the lower 46 (at 100,000 messages a second they last for 22 years).
/// </summary>
internal sealed class QueueRow(long id, string name, long cursor)
{
    public const int PlaceBits = 46;

    /// <summary>So many queues fit beside the places in 63 bits.</summary>
    public const long MaxId = (1L << (63 - PlaceBits)) - 2;

    public long Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>The id of the last message that was ever delivered.</summary>
    public long Cursor { get; set; } = cursor;

    /// <summary>The id of the last message that was ever published; null as long as nobody asked.</summary>
    public long? Last { get; set; }

    /// <summary>Below the id of every message.</summary>
    public long First => FirstOf(Id);

    /// <summary>Above the id of every message.</summary>
    public long End => FirstOf(Id + 1);

    /// <summary>The <see cref="First"/> of a queue, which is the cursor of a new one.</summary>
    public static long FirstOf(long id) => id << PlaceBits;
}
