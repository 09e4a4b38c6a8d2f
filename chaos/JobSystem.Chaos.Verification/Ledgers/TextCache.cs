using System.Text;

namespace JobSystem.Chaos.Verification.Ledgers;

/// <summary>
/// Texts of the ledger that come again and again, kept once. Bounded: what does not fit is made anew each time.
/// </summary>
internal sealed class TextCache
{
    private const int Capacity = 4096;
    private const int LongestKept = 64;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TextCache() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> characters = stackalloc char[LongestKept];
        var text = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        if (_lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        var made = text.ToString();
        if (_texts.Count < Capacity)
        {
            _texts.Add(made, made);
        }

        return made;
    }
}
