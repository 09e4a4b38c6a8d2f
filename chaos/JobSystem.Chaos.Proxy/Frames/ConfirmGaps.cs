using System.Buffers;

namespace JobSystem.Chaos.Proxy.Frames;

/// <summary>
/// The confirms of one channel that were lost, and how those that are not are told without them. Promises: no tag that
/// was lost is ever told, every other is, some twice. Pure, but for what it remembers.
/// </summary>
internal sealed class ConfirmGaps
{
    // More than any publisher has in flight: a confirm of more is told as it is.
    private const ulong Max = 1_000_000;

    private readonly SortedSet<ulong> _lost = [];

    // Up to here all is told or lost for ever. Zero: not known yet.
    private ulong _settled;

    public void Lose(ulong tag, bool isMultiple)
    {
        if (isMultiple)
        {
            Settle(tag);
        }
        else if (tag > _settled)
        {
            _lost.Add(tag);
        }
    }

    /// <summary>The frames that say it.</summary>
    public ReadOnlyMemory<byte> Tell(ushort channel, ulong tag, bool isMultiple)
    {
        var frames = new ArrayBufferWriter<byte>();
        var first = _settled > 0 ? _settled : _lost.Min - 1;
        if (!isMultiple || tag < first || tag - first > Max)
        {
            frames.Write(AmqpBytes.BasicAck(channel, tag, isMultiple));
            return frames.WrittenMemory;
        }

        if (_settled == 0 && first > 0)
        {
            frames.Write(AmqpBytes.BasicAck(channel, first, multiple: true));
        }

        for (var each = first + 1; each <= tag; each++)
        {
            if (!_lost.Contains(each))
            {
                frames.Write(AmqpBytes.BasicAck(channel, each, multiple: false));
            }
        }

        Settle(tag);
        return frames.WrittenMemory;
    }

    private void Settle(ulong tag)
    {
        _settled = Math.Max(_settled, tag);
        _lost.RemoveWhere(each => each <= _settled);
    }
}
