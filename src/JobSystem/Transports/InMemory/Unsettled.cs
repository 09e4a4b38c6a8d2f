namespace JobSystem.Transports.InMemory;

/// <summary>
/// The deliveries of one channel that are not settled yet, by tag. A tag that is not here was settled before
/// or never given: that is an error of the protocol, as on RabbitMQ. Guarded by the broker's gate.
/// </summary>
internal sealed class Unsettled
{
    private readonly Dictionary<ulong, StoredMessage> _messages = [];
    private ulong _lowest = 1;
    private ulong _last;

    public int Count => _messages.Count;

    /// <summary>Notes a delivery and gives it the next tag.</summary>
    /// <param name="message">What is delivered.</param>
    /// <param name="countsLosses">Its queue counts them.</param>
    public Delivery Deliver(StoredMessage message, bool countsLosses)
    {
        _messages.Add(++_last, message);
        var isAgain = message.Deliveries++ > 0;
        return new Delivery(message.Arriving(), _last, isAgain, countsLosses ? message.Losses : null)
        {
            DelayLeft = message.DelayLeft,
        };
    }

    /// <summary>
    /// Takes out the message of one tag; with <paramref name="multiple"/> all up to it. Null: no such tag.
    /// </summary>
    public IReadOnlyList<StoredMessage>? Take(ulong tag, bool multiple)
    {
        if (!_messages.ContainsKey(tag))
        {
            return null;
        }

        var taken = new List<StoredMessage>();
        for (var each = multiple ? _lowest : tag; each <= tag; each++)
        {
            if (_messages.Remove(each, out var message))
            {
                taken.Add(message);
            }
        }

        _lowest = multiple ? tag + 1 : _lowest;
        return taken;
    }

    /// <summary>Takes out all, in the order of their tags.</summary>
    public IReadOnlyList<StoredMessage> TakeAll()
    {
        var all = _messages.OrderBy(entry => entry.Key).Select(entry => entry.Value).ToList();
        _messages.Clear();
        return all;
    }
}
