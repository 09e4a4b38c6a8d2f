using RabbitMQ.Client.Events;

namespace JobSystem.RabbitMq;

/// <summary>
/// The publishes of one channel that the broker has not answered, by their delivery tags: 1, 2, 3 in the order
/// of the writes. A publish's number is its tag; it leads the tag by one for each publish before it that was
/// rejected here and never written. The id and the route are kept because a returned message says nothing else
/// of who it is.
/// Receives the channel's acks, nacks and returns from the library's reader, and new publishes from the writer.
/// Promises: each publish is answered once; a returned message is rejected, and its ack, which follows,
/// confirms nothing; nothing is allocated for a publish.
/// </summary>
internal sealed class PublishLedger(Action<PublishAnswer> tell)
{
    private readonly Lock _gate = new();
    private readonly Queue<(ulong From, ulong Lead)> _leads = new();
    private Entry[] _ring = new Entry[256];
    private ulong _oldest = 1;
    private ulong _next = 1;
    private ulong _leadOfOldest;
    private ulong _leadOfNext;

    /// <summary>Before the message is written: its ack may come before the write returns.</summary>
    public void Add(ulong number, string id, RabbitRoute route)
    {
        lock (_gate)
        {
            if (_next - _oldest == (ulong)_ring.Length)
            {
                Grow();
            }

            if (number - _next != _leadOfNext)
            {
                _leadOfNext = number - _next;
                _leads.Enqueue((_next, _leadOfNext));
            }

            At(_next++) = new Entry(id, route);
        }
    }

    public Task OnAckAsync(object sender, BasicAckEventArgs ack)
    {
        lock (_gate)
        {
            if (IsOpen(ack.DeliveryTag, ack.Multiple))
            {
                var number = NumberOf(ack.DeliveryTag);
                Clear(ack.Multiple ? _oldest : ack.DeliveryTag, ack.DeliveryTag);
                tell(new PublishAnswer(number, ack.Multiple, Rejection: null));
            }
        }

        return Task.CompletedTask;
    }

    public Task OnNackAsync(object sender, BasicNackEventArgs nack)
    {
        lock (_gate)
        {
            if (IsOpen(nack.DeliveryTag, nack.Multiple))
            {
                var first = nack.Multiple ? _oldest : nack.DeliveryTag;
                for (var tag = first; tag <= nack.DeliveryTag; tag++)
                {
                    if (!At(tag).IsAnswered)
                    {
                        Reject(NumberOf(tag),
                            "The broker refused it (nack): the queue is full, or could not store it.");
                    }
                }

                Clear(first, nack.DeliveryTag);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The oldest open one with this id on this route is the one that came back.</summary>
    public Task OnReturnAsync(object sender, BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            var id = returned.BasicProperties.MessageId;
            for (var tag = _oldest; tag < _next; tag++)
            {
                var (entryId, route) = At(tag);
                if (entryId == id && route?.Goes(returned.Exchange, returned.RoutingKey) == true)
                {
                    // The queue was there and is gone: the next publish to it declares it again.
                    route.IsReady = false;
                    Reject(NumberOf(tag), $"The broker returned it ({returned.ReplyCode} {returned.ReplyText}): " +
                        $"there is no queue '{returned.RoutingKey}'.");
                    Clear(tag, tag);
                    break;
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>It was never written, and would not be another time.</summary>
    public void Refuse(ulong number, string reason) =>
        tell(new PublishAnswer(number, Multiple: false, reason) { IsFinal = true });

    /// <summary>It was never written, or the broker did not take it.</summary>
    public void Reject(ulong number, string reason) =>
        tell(new PublishAnswer(number, Multiple: false, reason));

    /// <summary>Is an answer still due to the tag, or to one before it?</summary>
    private bool IsOpen(ulong tag, bool multiple) =>
        tag >= _oldest && tag < _next && (multiple || !At(tag).IsAnswered);

    private ulong NumberOf(ulong tag)
    {
        var lead = _leadOfOldest;
        foreach (var (from, value) in _leads)
        {
            lead = from <= tag ? value : lead;
        }

        return tag + lead;
    }

    private void Clear(ulong first, ulong last)
    {
        for (var tag = first; tag <= last; tag++)
        {
            At(tag) = default;
        }

        while (_oldest < _next && At(_oldest).IsAnswered)
        {
            _oldest++;
        }

        while (_leads.TryPeek(out var lead) && lead.From <= _oldest)
        {
            _leadOfOldest = _leads.Dequeue().Lead;
        }
    }

    private ref Entry At(ulong tag) => ref _ring[tag & (ulong)(_ring.Length - 1)];

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var tag = _oldest; tag < _next; tag++)
        {
            larger[tag & (ulong)(larger.Length - 1)] = At(tag);
        }

        _ring = larger;
    }

    /// <summary>Default once it was answered: confirmed, refused or returned.</summary>
    private readonly record struct Entry(string? Id, RabbitRoute? Route)
    {
        public bool IsAnswered => Route is null;
    }
}

/// <summary>What became of a publish; with <paramref name="Multiple"/> of all up to it.</summary>
/// <param name="Rejection">Null: it was confirmed.</param>
internal readonly record struct PublishAnswer(ulong Number, bool Multiple, string? Rejection)
{
    /// <summary>Another try would be rejected, too.</summary>
    public bool IsFinal { get; init; }
}
