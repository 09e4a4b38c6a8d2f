namespace JobSystem.TestKit;

/// <summary>FNV-1a over 64-bit words: a hash that is the same on every machine and in every process.</summary>
internal static class StableHash
{
    internal const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    internal static ulong Mix(ulong hash, ulong value)
    {
        ulong mixed = (hash ^ value) * Prime;
        return mixed ^ (mixed >> 29);
    }

    internal static ulong Mix(ulong hash, string text)
    {
        foreach (char letter in text)
        {
            hash = (hash ^ letter) * Prime;
        }

        return Mix(hash, (ulong)text.Length);
    }

    internal static int Fold32(ulong hash) => (int)(hash ^ (hash >> 32));
}
