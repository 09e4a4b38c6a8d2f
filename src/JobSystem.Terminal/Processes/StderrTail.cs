using System.Text;

namespace JobSystem.Terminal.Processes;

/// <summary>Keeps the last words of a command: what its error text is made of. Bounded.</summary>
public sealed class StderrTail
{
    /// <summary>In bytes.</summary>
    public const int Capacity = 2000;

    private byte[] _kept = [];
    private bool _cut;

    public void Add(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length >= Capacity)
        {
            (_kept, _cut) = (chunk[^Capacity..].ToArray(), _cut || _kept.Length > 0 || chunk.Length > Capacity);
            return;
        }

        var room = Math.Min(_kept.Length, Capacity - chunk.Length);
        _cut |= room < _kept.Length;
        var next = new byte[room + chunk.Length];
        _kept.AsSpan(_kept.Length - room).CopyTo(next);
        chunk.CopyTo(next.AsSpan(room));
        _kept = next;
    }

    /// <summary>Whole lines where there is more than one; never the middle of a character at the front.</summary>
    public override string ToString()
    {
        ReadOnlySpan<byte> kept = _kept;
        if (_cut && kept.IndexOf((byte)'\n') is var end and >= 0 && end < kept.Length - 1)
        {
            kept = kept[(end + 1)..];
        }

        while (_cut && kept.Length > 0 && (kept[0] & 0xC0) == 0x80)
        {
            kept = kept[1..];
        }

        return Encoding.UTF8.GetString(kept).Trim();
    }
}
