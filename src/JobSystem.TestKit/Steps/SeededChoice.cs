namespace JobSystem.TestKit;

/// <summary>
/// Draws from the seed who runs next. Most seeds choose alike among all that can run. One in four instead favours
/// some over others for a while, so that orders come up in which somebody is far behind; then the favour changes.
/// </summary>
internal sealed class SeededChoice(ulong seed)
{
    private const int MaxCandidates = 32;
    private const int StepsOfFavour = 64; // on average
    private readonly bool _favours = StableHash.Mix(StableHash.Start, seed) % 4 == 0;
    private ulong _state = seed;
    private ulong _favour = seed;

    internal int Next(ReadyList ready)
    {
        int count = ready.Count;
        if (count == 1)
        {
            return 0;
        }

        if (!_favours)
        {
            return Below(count);
        }

        if (Below(StepsOfFavour) == 0)
        {
            _favour = Draw();
        }

        return Favourite(ready, first: Below(count));
    }

    private int Favourite(ReadyList ready, int first)
    {
        int best = first;
        ulong highest = 0;
        for (int candidate = 0; candidate < Math.Min(ready.Count, MaxCandidates); candidate++)
        {
            int place = (first + candidate) % ready.Count;
            ulong priority = Scrambled(_favour ^ ready.TraceIdAt(place));
            if (priority > highest)
            {
                (best, highest) = (place, priority);
            }
        }

        return best;
    }

    private int Below(int count) => (int)Math.BigMul(Draw(), (ulong)count, out _);

    private ulong Draw() => Scrambled(_state += 0x9E3779B97F4A7C15);

    /// <summary>SplitMix64.</summary>
    private static ulong Scrambled(ulong word)
    {
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }
}
